import BotHost
import ConnectWire
import LocalConnect

/// Where the local service leaves its chats. It is opened when the host is there; no chat can come before that.
actor BotDoor {
    private var host: BotServer?

    func open(_ host: BotServer) {
        self.host = host
    }

    nonisolated var deliver: ChatDelivery {
        { arrival in
            try await self.hand(
                over: BotHost.ChatArrival(
                    bot: arrival.bot,
                    contactID: arrival.contactID,
                    participantID: arrival.participantID,
                    participantToken: arrival.participantToken,
                    attributes: arrival.attributes
                )
            )
        }
    }

    private func hand(over arrival: BotHost.ChatArrival) async throws {
        guard let host else { throw DeliveryRefused("the host has not started yet") }
        do {
            _ = try await host.accept(arrival)
        } catch let refusal as BotServer.Refusal {
            throw DeliveryRefused("\(refusal)")
        }
    }
}

extension [Bot] {
    /// Each bot's name as the id of a flow that leads to it.
    var flows: [ContactFlowID: String] {
        Dictionary(map { (ContactFlowID($0.name), $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}
