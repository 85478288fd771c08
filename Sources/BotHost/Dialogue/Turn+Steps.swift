import ActionKit
import ConnectWire
import FoundationEssentials
import Logging

/// What each step does.
extension Turn {
    /// Does the next step of a run that waits for nothing.
    mutating func advance() {
        guard let frame = state.run?.frames.last else { return }
        steps += 1
        guard steps <= Dialogue.stepLimit else {
            return giveUp(StepFailure(reason: "more than \(Dialogue.stepLimit) steps without a pause", kind: .invalid))
        }
        guard let step = step(of: frame) else { return leaveFrame(frame) }
        reached.append(step.mark)
        do {
            try perform(step)
        } catch {
            fail(error)
        }
    }

    /// The steps of a branch are done, and with them the step that they belong to, unless an `each` has more to go over.
    private mutating func leaveFrame(_ frame: Run.Frame) {
        state.run?.frames.removeLast()
        if var frame = state.run?.frames.isEmpty ?? true ? nil : frame, var loop = frame.loop, loop.elements.count > 1 {
            loop.elements.removeFirst()
            frame.loop = loop
            frame.next = 0
            return enter(frame, ofElement: loop.elements[0])
        }
        if state.run?.frames.isEmpty ?? true {
            state.run = nil
        } else {
            complete(.null)
        }
    }

    /// The step in progress is done.
    mutating func complete(_ value: JSON) {
        if let name = currentStep?.result { state.run?.locals[name] = value }
        guard let innermost = state.run?.frames.indices.last else { return }
        state.run?.waiting = nil
        state.run?.frames[innermost].next += 1
    }

    private mutating func perform(_ step: Step) throws(StepFailure) {
        switch step.kind {
        case .say(let message): try send(message, step)
        case .ask(let question): try ask(question, retries: question.retries, step)
        case .choose(let choice): try ask(choice, retries: choice.retries, step)
        case .typing:
            emit(.typing, line: step.line)
            complete(.null)
        case .attach(let file):
            waitFor([emit(.attach(try attachedFile(file)), line: step.line)], step)
        case .set(let assignments):
            // All values first, so that they see what was before the step.
            var values: [String: JSON] = [:]
            for assignment in assignments { values[assignment.name] = try assignment.value.evaluate(in: scope) }
            state.variables.merge(values) { _, new in new }
            complete(.null)
        case .branch(let condition, let then, let otherwise): try branch(condition, then, otherwise, step)
        case .each(let list, let body): try each(list, body, step)
        case .log(let level, let text):
            emit(.log(level, String(try text.render(in: scope).prefix(Self.logLimit))), line: step.line)
            complete(.null)
        case .wait(let duration): state.run?.waiting = Run.Waiting(reason: .time, deadline: now + min(duration, step.within ?? duration))
        case .run(let body): try enter(body, step)
        case .stop: stop()
        case .leave: waitFor([emit(.leave, line: step.line)], step)
        case .call(let call): try self.call(call, step)
        }
    }

    /// In characters. A run may log with every step that it does in a turn.
    private static let logLimit = 4096

    // MARK: Effects

    /// The run goes on when these have been done.
    mutating func waitFor(_ effects: [EffectID], _ step: Step, retries: Int? = nil) {
        state.run?.waiting = Run.Waiting(reason: .effects(effects), retries: retries, deadline: step.within.map { now + $0 })
    }

    /// All that the step wanted has been done.
    mutating func finishEffects(_ value: JSON) {
        guard let step = currentStep else { return }
        switch step.kind {
        case .ask, .choose:
            // The time for the answer begins when the question has been sent.
            state.run?.waiting?.reason = .answer
            state.run?.waiting?.deadline = step.within.map { now + $0 }
        case .call where state.run?.waiting?.inquiry != nil:
            state.run?.waiting?.reason = .answer
            state.run?.waiting?.deadline = now + Inquiry.answerTime
        case .leave: stop()
        default: complete(value)
        }
    }

    private mutating func send(_ message: Step.Message, _ step: Step, retries: Int? = nil) throws(StepFailure) {
        let text = try message.text.render(in: scope, isMarkdown: message.isMarkdown)
        try send(text, as: message.isMarkdown ? .markdown : .plainText, step, retries: retries)
    }

    mutating func send(_ text: String, as type: ContentType, _ step: Step, retries: Int? = nil) throws(StepFailure) {
        let parts = MessageSplitter.split(text, limit: MessageLimits.maximumLength(of: type))
        guard !parts.isEmpty else { throw StepFailure(reason: "the message is empty", kind: .invalid) }
        waitFor(parts.map { emit(.message(type, $0), line: step.line) }, step, retries: retries)
    }

    private func attachedFile(_ file: Step.File) throws(StepFailure) -> AttachedFile {
        switch file {
        case .path(let template):
            let path = try template.render(in: scope)
            if let problem = AttachedFile.problem(withPath: path) { throw StepFailure(reason: problem, kind: .invalid) }
            return .path(path)
        case .value(let template):
            let value = try template.evaluate(in: scope)
            guard ["name", "type", "sha256"].allSatisfy({ value[$0]?.stringValue != nil }), value["size"]?.intValue != nil else {
                throw StepFailure(reason: "what 'attach' was given is not a file that a step has made", kind: .invalid)
            }
            return .handle(value)
        }
    }

    // MARK: Questions

    private mutating func ask(_ question: Step.Question, retries: Int, _ step: Step) throws(StepFailure) {
        try send(question.message, step, retries: retries)
    }

    private mutating func ask(_ choice: Step.Choice, retries: Int, _ step: Step) throws(StepFailure) {
        let content = try picker(of: choice).content
        guard content.unicodeScalars.count <= MessageLimits.maximumLength(of: .interactive) else {
            throw StepFailure(reason: "what is to be chosen from is too long for a message", kind: .invalid)
        }
        waitFor([emit(.message(.interactive, content), line: step.line)], step, retries: retries)
    }

    /// The same when the answer comes as when it was sent: nothing that it is made of changes meanwhile.
    private func picker(of choice: Step.Choice) throws(StepFailure) -> Picker {
        let title = try choice.title.render(in: scope)
        guard title.contains(where: { !$0.isWhitespace }) else { throw StepFailure(reason: "the message is empty", kind: .invalid) }
        return try Picker(title: title, subtitle: choice.subtitle?.render(in: scope), options: choice.options.evaluate(in: scope))
    }

    /// Takes the message as the answer to the question that is open, or for what else it may mean.
    mutating func answer(_ item: ChatItem, _ text: String) {
        guard mayAnswer(item), let step = currentStep else { return }
        if state.run?.waiting?.inquiry != nil { return answerInquiry(item, text) }
        do {
            guard let value = try value(of: item, text, answering: step) else { return try reject(item, step) }
            state.run?.item = item
            complete(value)
        } catch {
            fail(error)
        }
    }

    /// Nil if it is no answer.
    private mutating func value(of item: ChatItem, _ text: String, answering step: Step) throws(StepFailure) -> JSON? {
        switch step.kind {
        case .ask(let question):
            guard let expect = question.expect else { return .string(text) }
            guard let match = try expect.find(in: text) else { return nil }
            state.run?.capture(match)
            return .string(text)
        case .choose(let choice):
            guard case .message(let type, _) = item.kind else { return nil }
            return try picker(of: choice).choice(by: text, type: type)?.value
        default: return nil
        }
    }

    private mutating func reject(_ item: ChatItem, _ step: Step) throws(StepFailure) {
        if let other = interruption(by: item) {
            stop()
            return start(other)
        }
        let retries = state.run?.waiting?.retries ?? 0
        switch step.kind {
        case .ask(let question) where retries > 0: try ask(question, retries: retries - 1, step)
        case .choose(let choice) where retries > 0: try ask(choice, retries: retries - 1, step)
        case .ask(let question): throw .unanswered(afterRetries: question.retries)
        case .choose(let choice): throw .unanswered(afterRetries: choice.retries)
        default: break
        }
    }

    // MARK: Steps of steps

    private mutating func branch(_ condition: Condition, _ then: BlockID?, _ otherwise: BlockID?, _ step: Step) throws(StepFailure) {
        var found: [PatternMatch] = []
        let holds = try condition.evaluate(in: scope) { found.append($0) }
        for match in found { state.run?.capture(match) }
        guard let block = holds ? then : otherwise else { return complete(.null) }
        state.run?.frames.append(Run.Frame(block: block, deadline: step.within.map { now + $0 }))
    }

    private mutating func each(_ list: ValueTemplate, _ body: BlockID, _ step: Step) throws(StepFailure) {
        guard let elements = try list.evaluate(in: scope).arrayValue else {
            throw StepFailure(reason: "what 'each' was given is not a list", kind: .invalid)
        }
        guard elements.count <= Step.eachLimit else {
            throw StepFailure(reason: "a list of \(elements.count): 'each' takes up to \(Step.eachLimit)", kind: .invalid)
        }
        guard let first = elements.first else { return complete(.null) }
        let deadline = step.within.map { now + $0 }
        enter(Run.Frame(block: body, deadline: deadline, loop: Run.Loop(elements: elements)), ofElement: first)
    }

    private mutating func enter(_ frame: Run.Frame, ofElement element: JSON) {
        if let name = currentStep?.result { state.run?.locals[name] = element }
        state.run?.frames.append(frame)
    }

    private mutating func enter(_ body: BlockID, _ step: Step) throws(StepFailure) {
        let depth = (state.run?.frames ?? []).count { definition[$0.block].isBody }
        guard depth < Dialogue.runDepthLimit else {
            throw StepFailure(reason: "'run' is nested more than \(Dialogue.runDepthLimit) deep", kind: .invalid)
        }
        if let behaviour = definition.behaviours.first(where: { $0.body == body }) { reached.append(behaviour.mark) }
        state.run?.frames.append(Run.Frame(block: body, deadline: step.within.map { now + $0 }))
    }
}

extension StepFailure {
    static func unanswered(afterRetries retries: Int) -> StepFailure {
        StepFailure(reason: "no answer that fits after asking \(retries + 1) times", kind: .unanswered)
    }
}

func + (date: Date, duration: Duration) -> Date {
    date.addingTimeInterval(duration / .seconds(1))
}
