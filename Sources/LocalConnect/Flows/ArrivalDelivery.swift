import ConnectWire
import FoundationEssentials
import Logging
import Transport

/// Hands chats over, and tries again while the bot still has time to connect.
struct ArrivalDelivery: Sendable {
    let engine: Engine
    let deliver: ChatDelivery?
    let time: any TimeSource
    let logger: Logger

    func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                for arrival in await engine.arrivals.next() {
                    group.addTask { await hand(over: arrival) }
                }
            }
            group.cancelAll()
        }
    }

    private func hand(over arrival: ChatArrival) async {
        guard let deliver else {
            report(arrival, attempts: 0, reason: "no intake is set (--intake URL)", isGivenUp: true)
            return
        }
        var attempts = 0
        var pause = Duration.milliseconds(250)
        while !Task.isCancelled {
            attempts += 1
            do {
                try await deliver(arrival)
                engine.withState { state, _ in state.undelivered[arrival.participantID] = nil }
                return
            } catch {
                let isLast = error is DeliveryRefused || engine.now + pause >= arrival.connectBy
                report(arrival, attempts: attempts, reason: "\(error)", isGivenUp: isLast)
                if isLast { return }
            }
            try? await time.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
    }

    private func report(_ arrival: ChatArrival, attempts: Int, reason: String, isGivenUp: Bool) {
        logger.warning(
            "a chat did not reach its bot: \(reason)",
            metadata: [
                "bot": "\(arrival.bot)", "contact": "\(arrival.contactID)", "attempts": "\(attempts)", "given_up": "\(isGivenUp)",
            ]
        )
        let undelivered = UndeliveredArrival(
            bot: arrival.bot,
            contactID: arrival.contactID,
            participantID: arrival.participantID,
            attempts: attempts,
            reason: reason,
            isGivenUp: isGivenUp
        )
        engine.withState { state, _ in state.undelivered[arrival.participantID] = undelivered }
    }
}
