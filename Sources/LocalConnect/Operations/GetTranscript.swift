import ConnectWire

extension GetTranscriptRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(contactID?.rawValue, 1...256, "ContactId")
        try Constraints.range(maxResults, 0...100, "MaxResults")
        try Constraints.length(nextToken, 1...1000, "NextToken")
        try Constraints.length(startPosition?.id?.rawValue, 1...256, "StartPosition.Id")
        try Constraints.range(startPosition?.mostRecent, 0...100, "StartPosition.MostRecent")
        if nextToken == nil, scanDirection == .forward, !hasStartPosition {
            throw ServiceFault(.validation, message: "ScanDirection FORWARD needs a StartPosition")
        }
    }

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> GetTranscriptResponse {
        let reading = state.reading(of: contactID, by: caller.contact)
        let page: TranscriptPage
        let order: SortOrder
        if let nextToken {
            // The token continues as it began; what comes beside it, ChatJS's empty StartPosition for one, does not count.
            guard let token = PageToken(nextToken, key: state.mint.key, issuedTo: caller.grant.digest), token.contactID == reading.contactID
            else {
                throw ServiceFault(.validation, message: "NextToken is not valid for this connection; read again without one")
            }
            page = TranscriptPage(direction: token.direction, boundary: token.boundary)
            order = sortOrder ?? token.order
        } else {
            page = firstPage(of: reading.items, inclusive: state.rules.startPositionIsInclusive)
            order = sortOrder ?? .descending
        }
        let (range, next) = page.take(maxResults ?? 10, of: reading.items.count)
        var items = reading.items[range].map { state.transcriptItem($0, for: caller.contact) }
        if order == .descending { items.reverse() }
        let token = next.map { PageToken(contactID: reading.contactID, direction: $0.direction, order: order, boundary: $0.boundary) }
        return GetTranscriptResponse(
            initialContactID: caller.contact.initialContactID,
            transcript: items,
            nextToken: token?.text(key: state.mint.key, issuedTo: caller.grant.digest)
        )
    }

    /// ChatJS sends `{}` for none.
    private var hasStartPosition: Bool {
        startPosition.map { $0 != StartPosition() } ?? false
    }

    private func firstPage(of items: [Item], inclusive: Bool) -> TranscriptPage {
        guard let startPosition, hasStartPosition else { return TranscriptPage(direction: .backward, boundary: items.count) }
        let direction = scanDirection ?? .forward
        if let time = startPosition.absoluteTime, startPosition.id == nil {
            let first = items.firstIndex { direction == .forward ? $0.absoluteTime >= time : $0.absoluteTime > time } ?? items.count
            return TranscriptPage(direction: direction, boundary: first)
        }
        let start: Int?
        if let id = startPosition.id {
            start = items.lastIndex { $0.id == id }
        } else {
            start = max(0, items.count - (startPosition.mostRecent ?? 0))
        }
        // An unknown position gives an empty page.
        guard let start else { return TranscriptPage(direction: direction, boundary: direction == .forward ? items.count : 0) }
        // Forward from the item itself or from the one after it; backward from the one after it or from itself.
        let isAfter = (direction == .forward) != inclusive
        return TranscriptPage(direction: direction, boundary: isAfter ? min(start + 1, items.count) : start)
    }
}

/// Where a page begins, and to which side it is read: the items from the boundary on, or those before it.
struct TranscriptPage: Hashable {
    var direction: ScanDirection
    var boundary: Int

    /// - Returns: The items of the page, and the next page; nil at the end.
    func take(_ size: Int, of count: Int) -> (Range<Int>, next: TranscriptPage?) {
        // The model allows a page of nothing; it must not be followed by others without end.
        guard size > 0 else { return (0..<0, nil) }
        switch direction {
        case .forward:
            let end = min(boundary + size, count)
            return (min(boundary, count)..<end, end < count ? TranscriptPage(direction: .forward, boundary: end) : nil)
        case .backward:
            let start = max(0, boundary - size)
            return (start..<max(start, boundary), start > 0 ? TranscriptPage(direction: .backward, boundary: start) : nil)
        }
    }
}

extension ServiceState {
    /// The items that a reader of the contact sees: those of the chats that a persistent chat continues come first.
    ///
    /// A contact that is not of the chain has no items, as the service was seen to answer.
    func reading(of wanted: ContactID?, by contact: Contact) -> (contactID: ContactID, items: [Item]) {
        let chain = chain(endingWith: contact)
        guard let wanted, wanted != contact.id else {
            return (contact.id, chain.flatMap { transcripts[$0]?.items ?? [] })
        }
        return (wanted, chain.contains(wanted) ? transcripts[wanted]?.items ?? [] : [])
    }

    /// The contacts of a persistent chat, the oldest first.
    func chain(endingWith contact: Contact) -> [ContactID] {
        var chain = [contact.id]
        var link = contact
        while let previous = link.previousContactID.flatMap({ contacts[$0] }), !chain.contains(previous.id) {
            chain.append(previous.id)
            link = previous
        }
        return chain.reversed()
    }

    /// The item as a transcript of the contact shows it.
    func transcriptItem(_ item: Item, for contact: Contact) -> Item {
        var item = item
        item.initialContactID = nil
        if item.contactID != contact.id {
            item.relatedContactID = item.contactID
            item.contactID = nil
        }
        if rules.transcriptReceipts == .asItems, item.type != .messageMetadata { item.messageMetadata = nil }
        return item
    }
}
