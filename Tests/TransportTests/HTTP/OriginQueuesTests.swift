import Testing

@testable import Transport

@Suite("Who waits and who may run")
struct OriginQueuesTests {
    private var queues = OriginQueues<Int>(runningPerOrigin: 2)

    private mutating func next(_ count: Int) -> [Int] {
        (0..<count).compactMap { _ in queues.next() }
    }

    @Test("One origin's run in their order, as many at once as are allowed")
    mutating func bound() {
        for item in 1...5 { queues.add(item, origin: "a") }
        #expect(next(5) == [1, 2])
        #expect(queues.waitingCount == 3)
        #expect(!queues.canStart)
        queues.finished(origin: "a")
        #expect(queues.canStart)
        #expect(next(5) == [3])
        queues.finished(origin: "a")
        queues.finished(origin: "a")
        #expect(next(5) == [4, 5])
        #expect(queues.waitingCount == 0)
    }

    @Test("An origin with no place left keeps no other waiting")
    mutating func independence() {
        for item in 1...5 { queues.add(item, origin: "a") }
        queues.add(6, origin: "b")
        #expect(next(9) == [1, 2, 6])
        queues.finished(origin: "b")
        #expect(next(9) == [])
    }

    @Test("Those taken out do not run, and leave the order of the others")
    mutating func removal() {
        for item in 1...6 { queues.add(item, origin: item.isMultiple(of: 2) ? "even" : "odd") }
        #expect(queues.removeWaiting { $0 < 4 }.sorted() == [1, 2, 3])
        #expect(queues.waitingCount == 3)
        #expect(next(9).sorted() == [4, 5, 6])
        #expect(queues.removeWaiting { _ in true } == [])
    }

    @Test("An item that comes after all others have gone runs at once")
    mutating func afterwards() {
        queues.add(1, origin: "a")
        #expect(queues.removeWaiting { _ in true } == [1])
        #expect(next(1) == [])
        queues.add(2, origin: "a")
        #expect(next(1) == [2])
        queues.finished(origin: "a")
        queues.add(3, origin: "a")
        #expect(next(1) == [3])
    }
}
