package struct GetTranscriptRequest: ParticipantRequest, Hashable {
    package typealias Response = GetTranscriptResponse
    package static var operation: Operation { .getTranscript }

    package var contactID: ContactID?
    /// 0 to 100; 10 where absent.
    package var maxResults: Int?
    package var nextToken: String?
    /// Backward where absent and without a start position, else forward.
    package var scanDirection: ScanDirection?
    /// Orders the items of a page; descending where absent.
    package var sortOrder: SortOrder?
    package var startPosition: StartPosition?

    package init(
        contactID: ContactID? = nil,
        maxResults: Int? = nil,
        nextToken: String? = nil,
        scanDirection: ScanDirection? = nil,
        sortOrder: SortOrder? = nil,
        startPosition: StartPosition? = nil
    ) {
        self.contactID = contactID
        self.maxResults = maxResults
        self.nextToken = nextToken
        self.scanDirection = scanDirection
        self.sortOrder = sortOrder
        self.startPosition = startPosition
    }

    private enum CodingKeys: String, CodingKey {
        case contactID = "ContactId"
        case maxResults = "MaxResults"
        case nextToken = "NextToken"
        case scanDirection = "ScanDirection"
        case sortOrder = "SortOrder"
        case startPosition = "StartPosition"
    }
}

package struct GetTranscriptResponse: Hashable, Codable, Sendable {
    package var initialContactID: ContactID?
    package var transcript: [Item]?
    /// Absent or empty at the end.
    package var nextToken: String?
    /// Items that are not in `transcript` because they have no id, time or type that can be read: one of them must not cost the whole page.
    package private(set) var unreadableItems = 0

    package init(initialContactID: ContactID? = nil, transcript: [Item]? = nil, nextToken: String? = nil) {
        self.initialContactID = initialContactID
        self.transcript = transcript
        self.nextToken = nextToken
    }

    private enum CodingKeys: String, CodingKey {
        case initialContactID = "InitialContactId"
        case transcript = "Transcript"
        case nextToken = "NextToken"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        initialContactID = try container.decodeIfPresent(ContactID.self, forKey: .initialContactID)
        let entries = try container.decodeIfPresent([Entry].self, forKey: .transcript)
        transcript = entries?.compactMap(\.item)
        nextToken = try container.decodeIfPresent(String.self, forKey: .nextToken)
        unreadableItems = entries?.count { $0.item == nil } ?? 0
    }

    private struct Entry: Decodable {
        var item: Item?

        init(from decoder: any Decoder) {
            item = try? Item(from: decoder)
        }
    }
}

/// Where reading starts. ChatJS sends an empty one, which means none.
package struct StartPosition: Hashable, Codable, Sendable {
    package var id: ItemID?
    package var absoluteTime: Timestamp?
    /// 0 to 100.
    package var mostRecent: Int?

    package init(id: ItemID? = nil, absoluteTime: Timestamp? = nil, mostRecent: Int? = nil) {
        self.id = id
        self.absoluteTime = absoluteTime
        self.mostRecent = mostRecent
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case absoluteTime = "AbsoluteTime"
        case mostRecent = "MostRecent"
    }
}

package enum ScanDirection: String, Codable, Sendable {
    case forward = "FORWARD"
    case backward = "BACKWARD"
}

package enum SortOrder: String, Codable, Sendable {
    case ascending = "ASCENDING"
    case descending = "DESCENDING"
}
