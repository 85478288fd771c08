package import ConnectWire

/// What the service allows, how long things live, and which of two readings it follows where the real service's behaviour is not documented.
package struct ServiceRules: Sendable {
    package var lifetimes = Lifetimes()
    package var attachments = AttachmentRules.documented
    package var scan = ScanRules()
    package var messageLength = MessageLength.documented
    package var quotas = Quotas.documented
    /// The bots of the flows; a flow that is not here gives a contact without a bot.
    package var flows: [ContactFlowID: String] = [:]
    /// Whether a CUSTOM_BOT may ask for a WEBSOCKET; the documents only show it credentials and SNS.
    package var customBotMayUseWebSocket = true
    package var transcriptReceipts = TranscriptReceipts.inMessage
    package var echoesTypingToSender = false
    /// Whether a connection token outlives the next CreateParticipantConnection.
    package var oldConnectionTokensStayValid = true
    /// Whether the item that a transcript's start position names is on the page.
    package var startPositionIsInclusive = true
    /// Open sockets of one participant (admin guide, feature limits).
    package var maximumSockets = 5

    /// What goes wrong from the start; more can be asked for through the admin API.
    package var faults: [Fault] = []

    package init() {}

    /// A flow is named by its id or by an ARN that ends with it.
    func bot(of flow: ContactFlowID) -> String? {
        let id = flow.rawValue.split(separator: "/").last.map(String.init) ?? ""
        return flows[flow] ?? flows[ContactFlowID(id)]
    }
}

package struct Lifetimes: Sendable {
    package var connectionToken: Duration = .seconds(86_400)
    /// From the answer to the opening handshake.
    package var websocketURL: Duration = .seconds(100)
    /// Of an open socket, as seen in ChatJS's captures.
    package var websocket: Duration = .seconds(3600)
    /// A socket that is silent as long is closed; the gateway's generic limit, as the service's own is not documented.
    package var idleWebSocket: Duration = .seconds(600)
    package var uploadURL: Duration = .seconds(900)
    package var downloadURL: Duration = .seconds(300)
    package var customerConnectsWithin: Duration = .seconds(300)
    package var customBotConnectsWithin: Duration = .seconds(15)
    package var chat: Duration = .seconds(25 * 3600)
    /// How long a client token is remembered. The service does not document it.
    package var clientToken: Duration = .seconds(3600)
    /// Between `chat.ended` and the end of the contact's sockets.
    package var socketsAfterEnd: Duration = .seconds(2)

    package init() {}
}

/// What becomes of an uploaded file, and when.
package struct ScanRules: Sendable {
    package var delay: Duration = .milliseconds(100)
    /// A file whose name contains one of these, whatever the case, is rejected.
    package var rejectedNames = ["eicar"]

    package init() {}

    func verdict(forName name: String) -> AttachmentStatus {
        let name = name.lowercased()
        return rejectedNames.contains { name.contains($0.lowercased()) } ? .rejected : .approved
    }
}

/// How long a message may be, in Unicode code points.
package enum MessageLength: Sendable {
    /// By content type, as the model's text has it.
    case documented
    /// The same for all types: 16,384 on a newer page of the documents.
    case uniform(Int)

    func maximum(of contentType: ContentType) -> Int {
        switch self {
        case .documented: MessageLimits.maximumLength(of: contentType)
        case .uniform(let length): length
        }
    }
}

/// Where GetTranscript shows receipts. The model has them in the message; ChatJS rehydrates only from items of their own.
package enum TranscriptReceipts: String, CaseIterable, Sendable {
    case inMessage
    case asItems
}
