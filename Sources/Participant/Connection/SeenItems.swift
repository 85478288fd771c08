package import ConnectWire

/// The items that were delivered, so that none is delivered twice.
///
/// It remembers the last 512 by id. What is older than all of these counts as seen, since the service's order is the order of time.
package struct SeenItems: Sendable {
    private static let capacity = 512

    private var ids: Set<ItemID> = []
    /// In the order of insertion; a ring once it is full.
    private var ring: [(id: ItemID, time: Timestamp)] = []
    private var oldest = 0

    package init() {}

    package init(_ known: some Sequence<(id: ItemID, time: Timestamp)>) {
        for item in known { insert(item.id, at: item.time) }
    }

    package func contains(_ item: Item) -> Bool {
        if ids.contains(item.id) { return true }
        return ring.count == Self.capacity && ring.allSatisfy { item.absoluteTime < $0.time }
    }

    /// - Returns: Whether the item is new.
    package mutating func insert(_ item: Item) -> Bool {
        if contains(item) { return false }
        insert(item.id, at: item.absoluteTime)
        return true
    }

    private mutating func insert(_ id: ItemID, at time: Timestamp) {
        guard ids.insert(id).inserted else { return }
        if ring.count < Self.capacity {
            ring.append((id, time))
        } else {
            ids.remove(ring[oldest].id)
            ring[oldest] = (id, time)
            oldest = (oldest + 1) % Self.capacity
        }
    }
}
