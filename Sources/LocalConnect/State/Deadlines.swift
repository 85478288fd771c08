import ConnectWire

/// Something that is due at a time. When it fires, the records decide whether it still matters.
enum Deadline: Hashable, Sendable {
    case participantMustConnect(ParticipantID)
    case chatIsOver(ContactID)
    case scanIsDone(AttachmentID)
    case socketExpires(SocketID)
    case endedContactLosesSockets(ContactID)
    case outcomeIsForgotten(OutcomeKey)
}

/// The deadlines, the next one last.
struct Deadlines: Sendable {
    private var entries: [(time: Timestamp, deadline: Deadline)] = []

    var next: Timestamp? { entries.last?.time }

    mutating func add(_ deadline: Deadline, at time: Timestamp) {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time > time { low = middle + 1 } else { high = middle }
        }
        entries.insert((time, deadline), at: low)
    }

    /// Takes out the next deadline, if its time has come.
    mutating func popDue(at now: Timestamp) -> Deadline? {
        guard let next, next <= now else { return nil }
        return entries.popLast()?.deadline
    }
}
