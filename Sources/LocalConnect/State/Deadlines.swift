import ConnectWire

/// Something that is due at a time. When it fires, the records decide whether it still matters.
enum Deadline: Hashable, Sendable {
    case participantMustConnect(ParticipantID)
    case chatIsOver(ContactID)
    case scanIsDone(AttachmentID)
    case socketURLExpires(TokenDigest)
    case socketExpires(SocketID)
    case socketMayBeIdle(SocketID)
    case endedContactLosesSockets(ContactID)
    case outcomeIsForgotten(OutcomeKey)
    case lateFramesAreDue
}

/// The deadlines: a binary heap with the next one at the top. Those of one time fire in the order in which they were added.
struct Deadlines: Sendable {
    private struct Entry {
        var time: Timestamp
        var number: Int
        var deadline: Deadline

        func isBefore(_ other: Self) -> Bool {
            (time, number) < (other.time, other.number)
        }
    }

    private var heap: [Entry] = []
    private var nextNumber = 0

    var next: Timestamp? { heap.first?.time }

    mutating func add(_ deadline: Deadline, at time: Timestamp) {
        heap.append(Entry(time: time, number: nextNumber, deadline: deadline))
        nextNumber += 1
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the next deadline, if its time has come.
    mutating func popDue(at now: Timestamp) -> Deadline? {
        guard let next, next <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        let due = heap.removeLast()
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].isBefore(heap[first]) { first = child }
            if first == parent { return due.deadline }
            heap.swapAt(parent, first)
            parent = first
        }
    }
}
