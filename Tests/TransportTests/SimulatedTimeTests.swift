import Dispatch
import FoundationEssentials
import Synchronization
import Testing
import Transport

@Suite("Simulated time")
struct SimulatedTimeTests {
    private static let start = Date(timeIntervalSince1970: 0)

    @Test("Timers fire in order, and each is settled before the next")
    func order() async throws {
        let log = Log<String>()
        try await SimulatedTime.run(from: Self.start) { time in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (name, seconds) in [("b", 20), ("a", 10), ("c", 30)] {
                    group.addTask {
                        try await time.sleep(for: .seconds(seconds))
                        for step in 1...3 {
                            await Task.yield()
                            log.append("\(name)\(step) at \(Int(time.now.timeIntervalSince1970))")
                        }
                    }
                }
                await time.advance(by: .seconds(25))
                log.append("advanced")
                await time.advance(by: .seconds(25))
                try await group.waitForAll()
            }
            #expect(time.uptime == .seconds(50))
        }
        #expect(
            log.entries == [
                "a1 at 10", "a2 at 10", "a3 at 10", "b1 at 20", "b2 at 20", "b3 at 20", "advanced", "c1 at 30", "c2 at 30", "c3 at 30",
            ]
        )
    }

    @Test("A timer that a timer sets within the span fires in the same span")
    func chains() async throws {
        try await SimulatedTime.run(from: Self.start) { time in
            let wakings = Log<Date>()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while (try? await time.sleep(for: .seconds(1))) != nil { wakings.append(time.now) }
                }
                await time.advance(by: .seconds(1000))
                #expect(wakings.entries.count == 1000)
                group.cancelAll()
            }
        }
    }

    @Test("Time stands still while work goes on elsewhere")
    func leases() async throws {
        try await SimulatedTime.run(from: Self.start) { time in
            let finished = Log<Date>()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await time.whileBusy {
                        await withCheckedContinuation { continuation in
                            DispatchQueue.global().async { continuation.resume() }
                        }
                    }
                    finished.append(time.now)
                }
                await time.advance(by: .seconds(60))
            }
            #expect(finished.entries == [Self.start])
        }
    }

    @Test("A cancelled sleep ends at once")
    func cancellation() async throws {
        try await SimulatedTime.run(from: Self.start) { time in
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await time.sleep(for: .seconds(3600)) }
                await time.settle()
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
            #expect(time.uptime == .zero)
        }
    }
}

/// What tasks write down, in the order in which they do.
private final class Log<Entry: Sendable>: Sendable {
    private let list = Mutex<[Entry]>([])

    var entries: [Entry] { list.withLock { $0 } }

    func append(_ entry: Entry) {
        list.withLock { $0.append(entry) }
    }
}
