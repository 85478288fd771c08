import ConnectWire

/// The faults that wait to strike, in the order in which they were asked for.
struct Faults: Sendable {
    private(set) var waiting: [Fault] = []

    mutating func add(_ fault: Fault) {
        waiting.append(fault)
    }

    mutating func clear() {
        waiting = []
    }

    /// What strikes a call. A status or a reset goes alone: the call does not happen. Where nothing was asked for, chance has its turn.
    mutating func strike(_ operation: String, in contact: ContactID?, by role: ParticipantRole? = nil) -> Strike {
        let target = Target(operation: operation, contact: contact, role: role)
        for kind in [Fault.Kind.status, .reset] {
            if let effect = take(kind, target) { return Strike(effects: [effect]) }
        }
        let effects = Fault.Kind.allCases.filter { $0.place == .call }.compactMap { take($0, target) }
        return Strike(effects: effects.isEmpty ? roll(.call, target).map { [$0] } ?? [] : effects)
    }

    /// What strikes an item's frame on its way to participants of a role.
    mutating func strikeFrame(in contact: ContactID, to role: ParticipantRole) -> Fault.Effect? {
        let target = Target(operation: nil, contact: contact, role: role)
        for kind in [Fault.Kind.duplicateFrames, .reorderFrames, .malformFrames] {
            if let effect = take(kind, target) { return effect }
        }
        return roll(.frame, target)
    }

    /// What strikes the scan of somebody's file.
    mutating func strikeScan(in contact: ContactID, of role: ParticipantRole?) -> [Fault.Effect] {
        let target = Target(operation: nil, contact: contact, role: role)
        let effects = [.slowScan, .rejectScan].compactMap { kind in take(kind, target) }
        return effects.isEmpty ? roll(.scan, target).map { [$0] } ?? [] : effects
    }

    /// What may be struck.
    private struct Target {
        var operation: String?
        var contact: ContactID?
        var role: ParticipantRole?
    }

    /// A fault of this kind that waits for the target; it is used up by the asking.
    private mutating func take(_ kind: Fault.Kind, _ target: Target) -> Fault.Effect? {
        guard let index = waiting.firstIndex(where: { $0.effect.kind == kind && Self.applies($0, to: target) }) else { return nil }
        let effect = waiting[index].effect
        waiting[index].count -= 1
        if waiting[index].count <= 0 { waiting.remove(at: index) }
        return effect
    }

    private mutating func roll(_ place: Fault.Place, _ target: Target) -> Fault.Effect? {
        for index in waiting.indices {
            guard case .random(var random) = waiting[index].effect, Self.applies(waiting[index], to: target) else { continue }
            let effect = random.roll(place, target.operation)
            waiting[index].effect = .random(random)
            if let effect { return effect }
        }
        return nil
    }

    private static func applies(_ fault: Fault, to target: Target) -> Bool {
        let operations = fault.operation.map { [$0] } ?? fault.effect.kind?.operations
        return (target.operation.map { operation in operations?.contains(operation) ?? true } ?? true)
            && (fault.contact == nil || fault.contact == target.contact)
            && (fault.role == nil || fault.role == target.role)
    }
}

/// What strikes one call.
struct Strike: Sendable {
    var effects: [Fault.Effect] = []

    var status: Int? {
        effects.lazy.compactMap { if case .status(let status) = $0 { status } else { nil } }.first
    }

    /// Whether the answer does not reach the caller, where the call itself changes nothing.
    var losesAnswer: Bool { effects.contains(.reset) || effects.contains(.loseResponse) }

    /// How much later the answer comes.
    var delay: Duration? {
        effects.lazy.compactMap { if case .delay(let delay) = $0 { delay } else { nil } }.first
    }
}
