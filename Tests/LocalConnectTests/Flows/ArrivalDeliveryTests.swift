import ConnectWire
import Logging
import Synchronization
import TestSupport
import Testing
import Transport

@testable import LocalConnect

@Suite("Chats find their bots", .timeLimit(.minutes(1)))
struct ArrivalDeliveryTests {
    private struct Down: Error, CustomStringConvertible {
        var description: String { "nobody listens" }
    }

    /// Runs an engine with a flow and a delivery on virtual time.
    private static func with(
        deliver: ChatDelivery?,
        _ body: @escaping @Sendable (Engine, VirtualTime) async throws -> Void
    ) async throws {
        var rules = ServiceRules()
        rules.quotas = .off
        rules.flows = ["receipts": "receipts"]
        let time = VirtualTime()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let state = ServiceState(rules: rules, key: ServiceKey(), random: SystemRandomNumberGenerator())
        let engine = Engine(state: state, journal: nil, time: time, logger: logger)
        let delivery = ArrivalDelivery(engine: engine, deliver: deliver, time: time, logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await delivery.run() }
            let request = StartChatContactRequest(
                instanceID: "i",
                contactFlowID: "receipts",
                participantDetails: ParticipantDetails(displayName: "Ada")
            )
            _ = try await engine.perform { (state, now) throws(ServiceFault) in try state.answer(.success(request), at: now).value }
            try await body(engine, time)
            group.cancelAll()
        }
    }

    @Test("An intake that is down is tried again, more and more slowly, while the bot could still connect; then it is given up")
    func retries() async throws {
        let attempts = Mutex(0)
        try await Self.with(deliver: { _ in
            attempts.withLock { $0 += 1 }
            throw Down()
        }) { engine, time in
            for pause in [250, 500, 1000, 2000, 2000, 2000, 2000, 2000, 2000] {
                await time.sleepers(1)
                #expect(engine.withState { state, _ in state.undelivered.values.first?.isGivenUp } == false)
                time.advance(by: .milliseconds(pause))
            }
            while engine.withState({ state, _ in state.undelivered.values.first?.isGivenUp }) == false { await Task.yield() }
            let report = engine.withState { state, _ in state.undelivered.values.first }
            #expect(report?.reason == "nobody listens")
            #expect(report?.attempts == 10)
            #expect(attempts.withLock { $0 } == 10)
        }
    }

    @Test("A host that comes back gets the chat, and the operator sees no more of it")
    func recovery() async throws {
        let attempts = Mutex(0)
        let arrived = Signal()
        try await Self.with(deliver: { _ in
            if attempts.withLock({
                $0 += 1; return $0
            }) < 3 {
                throw Down()
            }
            arrived.set()
        }) { engine, time in
            for pause in [250, 500] {
                await time.sleepers(1)
                time.advance(by: .milliseconds(pause))
            }
            await arrived.wait()
            while engine.withState({ state, _ in !state.undelivered.isEmpty }) { await Task.yield() }
        }
    }

    @Test("A refusal is not tried again; without an intake nothing is", arguments: [true, false])
    func refusals(hasIntake: Bool) async throws {
        let refusing: ChatDelivery = { _ in throw DeliveryRefused("no such bot") }
        try await Self.with(deliver: hasIntake ? refusing : nil) { engine, _ in
            while engine.withState({ state, _ in state.undelivered.isEmpty }) { await Task.yield() }
            let report = engine.withState { state, _ in state.undelivered.values.first }
            #expect(report?.isGivenUp == true)
            #expect(report?.attempts == (hasIntake ? 1 : 0))
        }
    }
}
