import ConnectWire

/// The items of one contact, in order.
struct Transcript: Sendable {
    private(set) var items: [Item] = []
    private var numbers: [ItemID: Int] = [:]
    private var lastTime: Timestamp?

    /// The time for the next item, kept or not: now, but later than every time given before.
    mutating func nextTime(at now: Timestamp) -> Timestamp {
        let time = lastTime.map { max(now, $0 + .milliseconds(1)) } ?? now
        lastTime = time
        return time
    }

    /// - Returns: The item's number.
    @discardableResult
    mutating func append(_ item: Item) -> Int {
        numbers[item.id] = items.count
        items.append(item)
        lastTime = max(lastTime ?? item.absoluteTime, item.absoluteTime)
        return items.count - 1
    }

    func number(of id: ItemID) -> Int? { numbers[id] }

    mutating func replace(_ number: Int, with item: Item) {
        items[number] = item
    }

    /// The number of the first item that is not before the time.
    func firstNumber(notBefore time: Timestamp) -> Int {
        var (low, high) = (0, items.count)
        while low < high {
            let middle = (low + high) / 2
            if items[middle].absoluteTime < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
