import NIOCore

/// Who waits and who may run, with a bound on how many of one origin run at once. An origin that hangs keeps nobody else waiting.
struct OriginQueues<Item> {
    private struct Origin {
        var running = 0
        var waiting = CircularBuffer<Item>()
    }

    private let runningPerOrigin: Int
    private var origins: [String: Origin] = [:]
    /// Origins with somebody waiting and a place to run, the longest passed over first; some may have neither any more.
    private var ready = CircularBuffer<String>()
    private(set) var waitingCount = 0

    /// Whether it is worth calling ``next()``.
    var canStart: Bool { !ready.isEmpty }

    init(runningPerOrigin: Int) {
        self.runningPerOrigin = runningPerOrigin
    }

    mutating func add(_ item: Item, origin: String) {
        origins[origin, default: Origin()].waiting.append(item)
        waitingCount += 1
        ready.append(origin)
    }

    /// The next that may run; it takes a place until ``finished(origin:)``.
    mutating func next() -> Item? {
        while let name = ready.popFirst() {
            guard let running = origins[name]?.running, running < runningPerOrigin else { continue }
            guard let item = origins[name]?.waiting.popFirst() else { continue }
            origins[name]?.running += 1
            waitingCount -= 1
            return item
        }
        return nil
    }

    /// One of this origin has ended.
    mutating func finished(origin name: String) {
        guard var origin = origins[name] else { return }
        origin.running -= 1
        origins[name] = origin.running == 0 && origin.waiting.isEmpty ? nil : origin
        if !origin.waiting.isEmpty { ready.append(name) }
    }

    /// Takes out those waiting that match.
    mutating func removeWaiting(where matches: (Item) -> Bool) -> [Item] {
        var removed: [Item] = []
        for (name, origin) in origins where origin.waiting.contains(where: matches) {
            removed += origin.waiting.filter(matches)
            let left = Origin(running: origin.running, waiting: origin.waiting.filter { !matches($0) })
            origins[name] = left.running == 0 && left.waiting.isEmpty ? nil : left
        }
        waitingCount -= removed.count
        return removed
    }
}
