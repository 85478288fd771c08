import ConnectWire

/// What the REPL makes of a line, of a key and of a command's end. Pure: it says what is to be done, and a driver does it.
///
/// One command runs at a time; lines that come meanwhile wait for it, in order.
struct ReplMachine {
    enum Input: Equatable, Sendable {
        /// As typed or pasted; a pasted one may have several lines.
        case line(String)
        /// Lines to be done one after the other. What cannot be understood refuses them whole.
        case script(text: String, path: String)
        /// The file that was to be read.
        case read(text: String, path: String)
        case finished(Duration, Problem?)
        /// Ctrl-C.
        case interrupt
        /// Ctrl-D, or the end of the input.
        case endOfInput
    }

    enum Effect: Equatable {
        case run(Command, text: String, Problem.Place?)
        /// Read a file, and come back with it as a script.
        case read(path: String)
        case cancel
        /// Wait until nothing more comes, and say that it is finished.
        case settle
        case show(ReplOutput)
        case leave(ExitStatus)
    }

    let isInteractive: Bool
    private(set) var settings: Settings

    private var waiting: [Line] = []
    private var running: Line?
    /// A typed line that goes on in the next.
    private var unfinished: String?
    private var lastProblem: Problem?
    private var lastScript = 0
    private var isLeaving = false
    /// Whether somebody may be about to answer to what was done last.
    private var mayBeAnswered = false
    private var hasLeft = false

    /// One line to be done, and the scripts that it is from, the outermost first.
    private struct Line: Equatable {
        var text: String
        var place: Problem.Place?
        var scripts: [Int] = []
    }

    /// Lines that may wait.
    static let capacity = 10_000
    private static let depth = 16

    init(isInteractive: Bool, settings: Settings = Settings()) {
        self.isInteractive = isInteractive
        self.settings = settings
    }

    var isIdle: Bool { running == nil && waiting.isEmpty && !hasLeft }

    var isContinuing: Bool { unfinished != nil }

    mutating func handle(_ input: Input) -> [Effect] {
        switch input {
        case .line(let text): take(text)
        case .script(let text, let path): take(script: text, path: path)
        case .read(let text, let path): source(text, path)
        case .finished(let duration, let problem): finish(duration, problem)
        case .interrupt: interrupt()
        case .endOfInput: end()
        }
    }

    // MARK: Lines

    private mutating func take(_ text: String) -> [Effect] {
        if text.contains("\n") { return take(pasted: text) }
        if text.hasSuffix("\\"), !text.hasSuffix("\\\\") {
            unfinished = (unfinished.map { $0 + "\n" } ?? "") + text.dropLast()
            return []
        }
        let whole = (unfinished.map { $0 + "\n" } ?? "") + text
        unfinished = nil
        return wait([Line(text: whole)]) + next()
    }

    /// A block that has commands is a script. Else it is one message, unless it is too long for one: then every line is.
    private mutating func take(pasted text: String) -> [Effect] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isMessage = !lines.contains { $0.hasPrefix("\\") } && text.unicodeScalars.count <= MessageLimits.maximumLength(of: .plainText)
        return isMessage ? wait([Line(text: text)]) + next() : take(script: text, path: "pasted")
    }

    private mutating func take(script text: String, path: String) -> [Effect] {
        do throws(ScriptMistakes) {
            return wait(try lines(of: text, path: path, from: [])) + next()
        } catch {
            let shown = show(Problem(error))
            return [shown] + (isInteractive ? [] : leave(.usage))
        }
    }

    /// The lines of a file that a line asked for come before those that wait already.
    private mutating func source(_ text: String, _ path: String) -> [Effect] {
        let parents = running?.scripts ?? []
        guard parents.count < Self.depth else {
            return fail(Problem("\(path): scripts call each other more than \(Self.depth) deep"))
        }
        do throws(ScriptMistakes) {
            let lines = try lines(of: text, path: path, from: parents)
            guard waiting.count + lines.count <= Self.capacity else { return fail(Self.tooMany) }
            waiting.insert(contentsOf: lines, at: 0)
        } catch {
            return fail(Problem(error))
        }
        running = nil
        return next()
    }

    private mutating func lines(of text: String, path: String, from parents: [Int]) throws(ScriptMistakes) -> [Line] {
        let script = try ChatScript(text: text, path: path)
        lastScript += 1
        return script.steps.map { Line(text: $0.text, place: Problem.Place(file: path, line: $0.line), scripts: parents + [lastScript]) }
    }

    private mutating func wait(_ lines: [Line]) -> [Effect] {
        guard waiting.count + lines.count <= Self.capacity else { return [show(Self.tooMany)] }
        waiting += lines
        return []
    }

    private static let tooMany = Problem("more than \(capacity) lines wait to be done; these were not taken")

    /// Goes on until a command takes time.
    private mutating func next() -> [Effect] {
        var effects: [Effect] = []
        while running == nil, !hasLeft, !waiting.isEmpty {
            let line = waiting.removeFirst()
            if !line.scripts.isEmpty { effects.append(.show(.line(line.text))) }
            do throws(CommandError) {
                guard let command = try CommandParser.parse(line.text) else { continue }
                running = line
                effects += perform(command, line)
            } catch {
                running = line
                effects += fail(Problem(error.description, status: .usage))
            }
        }
        if isLeaving, isIdle { effects += mayBeAnswered ? settle() : leave(.done) }
        return effects
    }

    private mutating func perform(_ command: Command, _ line: Line) -> [Effect] {
        switch command {
        case .source(let path): return [.read(path: path)]
        case .set(let setting):
            running = nil
            guard let setting else { return [.show(.answer(settings.answer))] }
            settings.apply(setting)
            return []
        case .error:
            running = nil
            return [.show(lastProblem.map { .answer($0.inFull) } ?? .notice("there was no error"))]
        case .help(let name):
            let help = CommandReference.help(on: name)
            guard let help else { return fail(.noCommand(name ?? "")) }
            running = nil
            return [.show(.answer(help))]
        case .quit: return leave(.done)
        default:
            mayBeAnswered = command.mayBeAnswered
            return [.run(command, text: line.text, line.place)]
        }
    }

    /// Whoever says something and leaves still hears what is answered at once.
    private mutating func settle() -> [Effect] {
        mayBeAnswered = false
        running = Line(text: "")
        return [.settle]
    }

    // MARK: Ends

    private mutating func finish(_ duration: Duration, _ problem: Problem?) -> [Effect] {
        guard let line = running else { return [] }
        if let problem { return fail(problem) }
        running = nil
        let done: [Effect] = line.text.isEmpty ? [] : [.show(.done(line.text, duration, isTold: settings.timing))]
        return done + next()
    }

    /// What failed takes the rest of its script with it; without a person, everything.
    private mutating func fail(_ problem: Problem) -> [Effect] {
        var problem = problem
        problem.place = problem.place ?? running?.place
        let scripts = Set(running?.scripts ?? [])
        running = nil
        let shown = problem.message == Problem.cancelled.message ? .show(.notice("cancelled")) : show(problem)
        guard isInteractive else { return [shown] + leave(problem.status) }
        waiting.removeAll { !scripts.isDisjoint(with: $0.scripts) }
        return [shown] + next()
    }

    private mutating func show(_ problem: Problem) -> Effect {
        lastProblem = problem
        return .show(.problem(problem))
    }

    private mutating func interrupt() -> [Effect] {
        unfinished = nil
        return running == nil ? [] : [.cancel]
    }

    private mutating func end() -> [Effect] {
        if isInteractive { return (running == nil ? [] : [.cancel]) + leave(.done) }
        isLeaving = true
        return unfinished == nil ? next() : take("")
    }

    private mutating func leave(_ status: ExitStatus) -> [Effect] {
        guard !hasLeft else { return [] }
        hasLeft = true
        waiting = []
        return [.leave(status)]
    }
}
