import ActionKit
import ConnectWire
import FoundationEssentials
import Logging

/// What one input makes of a dialogue's state, portion by portion. Inputs are in this file, triggers, steps and failures in the others of its name.
struct Turn {
    let dialogue: Dialogue
    let now: Date
    private let isTick: Bool
    var state: DialogueState
    private(set) var effects: [DialogueEffect] = []
    /// The behaviours and steps that were begun, in order.
    var reached: [SourceMark] = []
    var steps = 0
    /// What is left to do of the portion under way.
    var portion = 0

    var definition: BotDefinition { dialogue.definition }
    var outcome: DialogueStep { DialogueStep(state: state, effects: effects, reached: reached) }

    /// Takes the input. What follows from it is for ``proceed()``.
    init(dialogue: Dialogue, state: DialogueState, input: DialogueInput, now: Date) {
        self.dialogue = dialogue
        self.state = state
        self.now = now
        isTick = input == .tick
        take(input)
    }

    /// Does the next portion of what there is to do.
    /// - Returns: Whether that was all.
    mutating func proceed() -> Bool {
        portion = Dialogue.portion
        while true {
            guard settle() else { return false }
            measureSilence()
            // A long pause of the host may have let several idle times pass.
            guard isTick, state.run == nil, state.silence?.deadline.map({ $0 <= now }) ?? false else { return true }
            answerSilence()
        }
    }

    private mutating func take(_ input: DialogueInput) {
        switch input {
        case .joined(let facts): join(facts)
        case .item(let item): take(item)
        case .outcome(let effect, let outcome): take(outcome, of: effect)
        case .tick: expire()
        case .ended: end()
        }
    }

    private mutating func join(_ facts: DialogueFacts) {
        state.facts.learn(facts)
        guard !state.hasJoined, !state.hasEnded else { return }
        state.hasJoined = true
        breakSilence()
        startFirst { $0 == .joined }
    }

    private mutating func take(_ item: ChatItem) {
        guard !state.hasEnded else { return }
        state.facts.learn(from: item)
        if isFromOtherSide(item) { breakSilence() }
        if state.run?.waiting?.reason == .answer, isFromOtherSide(item), let text = item.text {
            answer(item, text)
        } else if state.queue.count < Dialogue.queueLimit {
            state.queue.append(item)
        } else {
            let problem = "\(Dialogue.queueLimit) items wait already; item \(item.id) from \(item.role) is dropped"
            emit(.log(.warning, problem), line: currentStep?.line ?? 1)
        }
    }

    private mutating func take(_ outcome: EffectOutcome, of effect: EffectID) {
        guard case .effects(let awaited)? = state.run?.waiting?.reason, awaited.contains(effect) else { return }
        let others = awaited.filter { $0 != effect }
        state.run?.waiting?.reason = .effects(others)
        do {
            try outcome.checkLimits()
        } catch {
            return fail(error)
        }
        switch outcome {
        case .failed(let failure): fail(failure)
        case .asks(let inquiry): ask(inquiry, retries: Inquiry.retries)
        case .done(let value):
            state.loopGuard?.reply(at: now)
            if others.isEmpty { finishEffects(value) }
        }
    }

    private mutating func end() {
        guard !state.hasEnded else { return }
        state.hasEnded = true
        state.queue = []
        state.silence = nil
        stop()
        startFirst { $0 == .ended }
    }

    /// Goes on with the run, then with what has waited for it, until there is nothing to do but wait.
    /// - Returns: False when the portion was used up before.
    private mutating func settle() -> Bool {
        while portion > 0 {
            portion -= 1
            if let run = state.run, run.waiting == nil {
                advance()
            } else if state.run?.waiting?.reason == .answer {
                guard let index = state.queue.firstIndex(where: { isFromOtherSide($0) && $0.text != nil }) else { return true }
                let item = state.queue.remove(at: index)
                answer(item, item.text ?? "")
            } else if state.run == nil, state.hasJoined, !state.queue.isEmpty {
                dispatch(state.queue.removeFirst())
            } else {
                return true
            }
        }
        return false
    }
}

// MARK: What the parts of a turn share

extension Turn {
    /// The step in progress.
    var currentStep: Step? {
        guard let frame = state.run?.frames.last else { return nil }
        return step(of: frame)
    }

    func step(of frame: Run.Frame) -> Step? {
        let steps = definition[frame.block].steps
        return frame.next < steps.count ? steps[frame.next] : nil
    }

    func isFromOtherSide(_ item: ChatItem) -> Bool {
        dialogue.otherSide.contains(item.role)
    }

    var sessionScope: Scope {
        Scope(initialVariables: definition.variables, variables: state.variables, facts: state.facts)
    }

    /// The values that the run can see; without a run, those of the session.
    var scope: Scope {
        var scope = sessionScope
        guard let run = state.run else { return scope }
        scope.locals = run.locals
        scope.match = run.match
        scope.item = run.item
        scope.element = run.frames.last { $0.loop != nil }?.loop?.elements.first
        scope.failure = run.frames.last { $0.failure != nil }?.failure
        return scope
    }

    @discardableResult
    mutating func emit(_ kind: DialogueEffect.Kind, line: Int) -> EffectID {
        let id = state.nextEffect
        state.nextEffect = EffectID(rawValue: id.rawValue + 1)
        effects.append(DialogueEffect(id: id, kind: kind, place: definition.place(line: line)))
        return id
    }

    /// Ends the run; what it still waits for is called off.
    mutating func stop() {
        cancelEffects()
        state.run = nil
    }

    mutating func cancelEffects() {
        guard case .effects(let awaited)? = state.run?.waiting?.reason else { return }
        let line = currentStep?.line ?? 1
        for effect in awaited { emit(.cancel(effect), line: line) }
        state.run?.waiting = nil
    }
}

extension DialogueFacts {
    /// A fact that was known is not forgotten.
    fileprivate mutating func learn(_ facts: DialogueFacts) {
        contact = facts.contact ?? contact
        customerName = facts.customerName ?? customerName
        attributes.merge(facts.attributes) { _, new in new }
    }

    fileprivate mutating func learn(from item: ChatItem) {
        contact = contact ?? item.contact
        if item.role == .customer { customerName = customerName ?? item.displayName }
    }
}

extension ChatItem {
    /// The text of a message.
    var text: String? {
        if case .message(_, let text) = kind { text } else { nil }
    }
}
