import ConnectWire
import FoundationEssentials
import Logging
import Participant
import Transport

/// The turns of a session: an input, what the dialogue makes of it, the commit, and then the effects.
struct SessionTurns {
    private let session: Session
    private let dialogue: Dialogue
    private let verdicts: AttachmentVerdicts
    private let cancellations: EffectCancellations
    private let gate: ArrivalGate
    private let commands: AsyncStream<EffectRunner.Command>.Continuation

    private var state: DialogueState
    private var echo: EchoFilter
    private var contactID: ContactID?
    /// Items that wait until the dialogue can take them. While there are any, the gate is closed, so this holds no more than one catch-up.
    private var waiting: ArraySlice<(item: ChatItem, seen: TurnRecord.SeenItem)> = []
    /// Whether what came while the session was parked has been taken. Until then no deadline expires: the answer may have come in time.
    private var isCaughtUp = false
    /// Effects of an earlier run whose outcome is not known yet.
    private var resumed: Set<EffectID> = []
    /// How long it may take to know that, from the start.
    private var timeToResume: TimeInterval = 10
    private var leaving: EffectID?
    private var ending: SessionEnding?
    /// When a session that has ended stops waiting for its last module calls.
    private var graceEnd: Date?

    private static let grace: TimeInterval = 30
    /// For a module to start, before a call is made again.
    private static let timeToRepeat: TimeInterval = 30
    /// Deadlines go by the time that passes, so that a clock which is set meanwhile moves none of them.
    private let start: (date: Date, uptime: Duration)

    init(
        session: Session,
        dialogue: Dialogue,
        verdicts: AttachmentVerdicts,
        cancellations: EffectCancellations,
        gate: ArrivalGate,
        commands: AsyncStream<EffectRunner.Command>.Continuation
    ) {
        self.session = session
        self.dialogue = dialogue
        self.verdicts = verdicts
        self.cancellations = cancellations
        self.gate = gate
        self.commands = commands
        state = session.record.dialogue
        echo = EchoFilter(ownID: session.record.participantID)
        contactID = session.record.contactID
        start = (session.api.time.now, session.api.time.uptime)
    }

    private var now: Date { start.date.addingTimeInterval((session.api.time.uptime - start.uptime) / .seconds(1)) }

    /// Takes up the effects that an earlier run left open.
    mutating func resume(_ effects: [OutboxEffect]) async throws {
        if echo.ownID == nil {
            // Items that effects became count as seen; the item of a file may still come.
            for attachment in try await session.store.ownItems(of: session.record.id).attachments { echo.sent(.attachment(attachment)) }
        }
        for effect in effects { try await begin(effect) }
        resumed = Set(effects.map(\.id))
        timeToResume = max(timeToResume, effects.compactMap(\.limit).map { Self.timeToRepeat + $0 }.max() ?? 0)
    }

    /// When the dialogue's next deadline expires. What an earlier run began may be done already, and the time for it passed while no host was
    /// there to see it: so its outcome gets a moment to be found, and a call that is made again its whole time.
    private var nextDeadline: Date? {
        guard isCaughtUp, let deadline = state.nextDeadline else { return nil }
        return resumed.isEmpty ? deadline : max(deadline, start.date.addingTimeInterval(timeToResume))
    }

    /// Runs until the chat is over for the bot and its last behaviour is done.
    mutating func run(_ inbox: SessionInbox) async throws -> SessionEnding {
        while true {
            try await tellWaiting()
            if let ending, state.isIdle || graceEnd.map({ $0 <= now }) ?? false { return ending }
            let deadline = [nextDeadline, graceEnd].compactMap(\.self).min()
            let left = deadline.map { Duration.seconds($0.timeIntervalSince(now)) }
            switch try await inbox.next(within: left, time: session.api.time) {
            case nil: try await turn(.tick)
            case .arrival(.connected(let missed, let isFirst))?:
                if isFirst {
                    try await join(History(items: missed))
                } else {
                    for item in missed { try await take(item) }
                }
                isCaughtUp = true
            case .arrival(.item(let item))?: try await take(item)
            case .outcome(let effect, let result)?: try await finish(effect, result)
            case .over(let ending)?: try await end(ending)
            case .broken(let error)?: throw error
            }
        }
    }

    // MARK: Inputs

    private mutating func join(_ history: History) async throws {
        contactID = contactID ?? history.contactID
        for item in history.items { verdicts.note(item) }
        let facts = DialogueFacts(contact: contactID, attributes: session.record.attributes, customerName: history.customerName)
        let unanswered = history.unanswered
        let waiting = Set(unanswered.map(\.id))
        session.logger.info("session joined", metadata: ["contact": "\(contactID?.rawValue ?? "not known yet")"])
        try await turn(.joined(facts)) { record in
            record.hasConnected = true
            record.seen = history.items.suffix(512).filter { !waiting.contains($0.id) }.map(TurnRecord.SeenItem.init)
        }
        for item in unanswered { try await take(item) }
    }

    private mutating func take(_ item: Item) async throws {
        verdicts.note(item)
        contactID = contactID ?? item.contactID
        try await tell(echo.arrived(item))
    }

    /// Takes items that are for the dialogue, now that it is known whose they are.
    private mutating func tell(_ items: [(item: Item, isOwn: Bool)]) async throws {
        for (item, isOwn) in items {
            if isOwn {
                if item.type == .event, item.contentType == .participantLeft { try await end(leaving == nil ? .removed : .left) }
            } else if !item.endsChat, let chatItem = ChatItem(item) {
                waiting.append((chatItem, TurnRecord.SeenItem(item)))
            }
        }
        try await tellWaiting()
    }

    /// Gives the dialogue as many items as it can take.
    private mutating func tellWaiting() async throws {
        while state.canTakeItem, let (item, seen) = waiting.popFirst() {
            try await turn(.item(item)) { $0.seen = [seen] }
        }
        gate.set(open: waiting.isEmpty)
    }

    private mutating func finish(_ effect: EffectID, _ result: EffectResult) async throws {
        resumed.remove(effect)
        let released = echo.resolved(effect, as: result.own)
        session.trace?(
            session.record.id,
            session.bot,
            .finished(effect, result.outcome, item: result.own?.itemID, attachment: result.own?.attachmentID)
        )
        if case .failed(let failure) = result.outcome {
            session.logger.notice("a step failed", metadata: ["effect": "\(effect)", "reason": "\(failure.reason)"])
        }
        try await turn(.outcome(effect, result.outcome)) { record in
            record.finished.append(.init(id: effect, item: result.own?.itemID))
            record.files = result.files
        }
        session.store.crashPoints.pass(.effectStored)
        try await tell(released)
        if effect == leaving { try await end(.left) }
    }

    private mutating func end(_ ending: SessionEnding) async throws {
        guard self.ending == nil else { return }
        self.ending = ending
        graceEnd = now.addingTimeInterval(Self.grace)
        waiting = []
        try await turn(.ended)
    }

    // MARK: The turn

    /// One step of the dialogue: stored whole, then its effects begin.
    private mutating func turn(_ input: DialogueInput, _ complete: (inout TurnRecord) -> Void = { _ in }) async throws {
        let step = try await dialogue.turn(state, input, now: now)
        let (next, effects) = (step.state, step.effects)
        session.trace?(session.record.id, session.bot, .turn(input, reached: step.reached, effects: effects))
        var record = TurnRecord(session: session.record.id, dialogue: next)
        record.participantID = echo.ownID
        record.contactID = contactID
        complete(&record)
        let failures = try await plan(effects, in: &record)
        if next != state || !record.isEmpty {
            session.store.crashPoints.pass(.turnDecided)
            try await session.store.commit(record, at: now)
            session.store.crashPoints.pass(.turnCommitted)
        }
        state = next

        for effect in effects { perform(effect) }
        for effect in record.effects { try await begin(effect) }
        for effect in effects {
            // Its outcome will not be told, so nothing is held for it any longer.
            if case .cancel(let id) = effect.kind { try await tell(echo.resolved(id, as: nil)) }
        }
        for (effect, failure) in failures { try await finish(effect, EffectResult(outcome: .failed(failure))) }
    }

    /// Makes outbox rows and uploads of what the dialogue wants.
    /// - Returns: The effects that cannot even be tried. They have no row.
    private func plan(_ effects: [DialogueEffect], in record: inout TurnRecord) async throws -> [(EffectID, StepFailure)] {
        var failures: [(EffectID, StepFailure)] = []
        let files = AttachedFileResolver(session, made: record.files)
        for effect in effects {
            let kind: OutboxEffect.Kind
            switch effect.kind {
            case .message(let contentType, let text): kind = .message(type: contentType, text: text)
            case .leave: kind = .leave
            case .call(let call): kind = .call(call)
            case .attach(let file):
                do {
                    let upload = Upload(id: UUID().uuidString.lowercased(), file: try await files.resolve(file))
                    record.uploads.append(.init(effect: effect.id, upload: upload))
                    kind = .attach(upload: upload.id)
                } catch let failure as StepFailure {
                    failures.append((effect.id, failure))
                    continue
                }
            case .cancel(let id):
                record.finished.append(.init(id: id))
                continue
            case .typing, .log:
                continue
            }
            record.effects.append(OutboxEffect(id: effect.id, kind: kind, place: effect.place, decidedAt: now))
        }
        return failures
    }

    /// What needs no row: it may happen once, or not at all.
    private func perform(_ effect: DialogueEffect) {
        switch effect.kind {
        case .typing: commands.yield(.typing)
        case .cancel(let id): cancellations.cancel(id)
        case .log(let level, let text): session.logger.log(level: level, "\(text)", metadata: ["place": "\(effect.place)"])
        case .message, .attach, .leave, .call: break
        }
    }

    private mutating func begin(_ effect: OutboxEffect) async throws {
        switch effect.kind {
        case .message(let contentType, let text): echo.expect(.message(contentType, text), from: effect.id)
        case .attach(let id):
            if echo.ownID == nil, let upload = try await session.store.upload(id) {
                echo.expect(.attachment(name: upload.file.name), from: effect.id)
            }
        case .leave: leaving = effect.id
        case .call: break
        }
        if case .dropped = commands.yield(.perform(effect, isAwaited: state.awaitedEffects.contains(effect.id))) {
            throw SessionOverflow()
        }
    }
}

/// More effects at once than a dialogue ever waits for: a mistake in this program.
private struct SessionOverflow: Error, CustomStringConvertible {
    var description: String { "the session decided on more than 1,024 effects before one was done" }
}

extension TurnRecord {
    fileprivate var isEmpty: Bool {
        seen.isEmpty && finished.isEmpty && effects.isEmpty && uploads.isEmpty && files.isEmpty && !hasConnected
    }
}

extension TurnRecord.SeenItem {
    fileprivate init(_ item: Item) {
        self.init(id: item.id, time: item.absoluteTime)
    }
}

extension EchoFilter.OwnItem {
    fileprivate var itemID: ItemID? {
        if case .item(let id) = self { id } else { nil }
    }

    fileprivate var attachmentID: AttachmentID? {
        if case .attachment(let id) = self { id } else { nil }
    }
}
