import ConnectWire
import Transport

/// What a step of the state asks of the world, in order. The engine makes the changes durable before it does the rest.
struct Effects: Sendable {
    var changes: [Change] = []
    var pushes: [Push] = []
    var arrivals: [ChatArrival] = []

    var isEmpty: Bool { changes.isEmpty && pushes.isEmpty && arrivals.isEmpty }

    static func += (left: inout Self, right: Self) {
        left.changes += right.changes
        left.pushes += right.pushes
        left.arrivals += right.arrivals
    }
}

/// A record that is new, or not what it was.
enum Change: Sendable {
    case contact(Contact)
    case participant(Participant)
    case item(Item, number: Int, of: ContactID)
    case attachment(Attachment)
    case grant(TokenGrant)
    case revocation(TokenDigest)
    case outcome(Outcome)
    case oblivion(OutcomeKey)
}

/// Something for open sockets.
enum Push: Sendable {
    case frame(ServerFrame, to: [SocketID])
    /// What is no frame.
    case text(String, to: [SocketID])
    /// Nothing goes out any more, and nobody is told.
    case silence([SocketID])
    case close([SocketID], WebSocketCloseCode, reason: String)
}

/// An item that waits for those that come after it.
struct LateFrame: Sendable {
    let item: Item
    let receivers: [SocketID]
}

struct SocketID: Hashable, Sendable {
    let rawValue: Int
}

/// One end of a WebSocket, as the state knows it.
struct Socket: Sendable {
    let id: SocketID
    let participantID: ParticipantID
    let contactID: ContactID
    var isSubscribed = false
    var lastHeard: Timestamp
}
