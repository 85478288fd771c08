import TestSupport
import Testing
import Transport

@testable import BotHost

@Suite("How many calls a module gets")
struct CallSlotsTests {
    @Test("Calls above the limit wait in the order of coming; above the queue's bound they are refused")
    func queue() async throws {
        let slots = CallSlots(1)
        let gate = Watched(false)
        let started = Watched<[Int]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0...CallSlots.queueLimit {
                group.addTask {
                    try await slots.withSlot {
                        started.change { $0.append(number) }
                        _ = try await gate.first { $0 }
                    }
                }
                // One after the other, so that the order is known.
                if number == 0 { _ = try await started.first { $0 == [0] } } else { while slots.waiting < number { await Task.yield() } }
            }
            await #expect(throws: ModuleFailure.busy) { try await slots.withSlot {} }
            gate.change { $0 = true }
            try await group.waitForAll()
        }
        #expect(started.value == Array(0...CallSlots.queueLimit))
        try await slots.withSlot {}
    }

    @Test("Who gives up waiting leaves the queue, and the slot goes to the next")
    func cancellation() async throws {
        let slots = CallSlots(1)
        let gate = Watched(false)
        let isInside = Watched(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await slots.withSlot {
                    isInside.change { $0 = true }
                    _ = try await gate.first { $0 }
                }
            }
            _ = try await isInside.first { $0 }
            await withTaskGroup(of: Void.self) { waiting in
                waiting.addTask { await #expect(throws: CancellationError.self) { try await slots.withSlot {} } }
                while slots.waiting == 0 { await Task.yield() }
                waiting.cancelAll()
            }
            #expect(slots.waiting == 0)
            gate.change { $0 = true }
            try await group.waitForAll()
        }
        try await slots.withSlot {}
    }
}
