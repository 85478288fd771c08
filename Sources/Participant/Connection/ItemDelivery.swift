import ConnectWire

/// Tells a listener of every item once: those that arrive, and those that the transcript has besides.
///
/// One task at a time calls it, the one that reads.
actor ItemDelivery {
    private let transcript: TranscriptReader
    private let limit: Int
    private let listener: @Sendable (LiveConnection.Arrival) async throws -> Void

    private var seen: SeenItems
    private(set) var hasConnected: Bool
    private var isAnnounced = false

    /// Known items that catching up reads past, so that a frame that was lost, or could not be read, is made up for.
    private static let overlap = 50

    init(
        transcript: TranscriptReader,
        limit: Int,
        seen: SeenItems,
        hasConnected: Bool,
        listener: @escaping @Sendable (LiveConnection.Arrival) async throws -> Void
    ) {
        self.transcript = transcript
        self.limit = limit
        self.seen = seen
        self.hasConnected = hasConnected
        self.listener = listener
    }

    /// From here on, items may be missed; the next catching up is announced even if none was.
    func connectionLost() {
        isAnnounced = false
    }

    /// Reads what was missed and delivers it.
    /// - Returns: Whether the chat has ended.
    func catchUp() async throws -> Bool {
        let items = try await transcript.items(limit: limit, overlap: Self.overlap) { seen.contains($0) || $0.isProvisional }
        let missed = items.filter { seen.insert($0) }
        let isFirst = !hasConnected
        if !isAnnounced || !missed.isEmpty {
            hasConnected = true
            isAnnounced = true
            try await listener(.connected(missed: missed, isFirst: isFirst))
        }
        return missed.endChat
    }

    /// - Returns: Whether the chat has ended.
    func deliver(_ item: Item) async throws -> Bool {
        guard !item.isProvisional, seen.insert(item) else { return false }
        try await listener(.item(item))
        return item.endsChat
    }
}
