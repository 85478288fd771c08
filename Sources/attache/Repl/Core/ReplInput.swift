import Foundation

/// Where the lines of the REPL come from.
enum ReplInput: Sendable {
    /// Somebody types. The lines come by themselves.
    case terminal(TerminalInput)
    /// Scripts of the command line, and then nothing more.
    case scripts([(text: String, path: String)])
    /// Standard input; the next line is read when the one before is done.
    case lines(StandardInput)

    func run(_ events: ReplEvents) async {
        switch self {
        case .terminal(let terminal): await terminal.run(events)
        case .scripts(let scripts):
            for script in scripts { events.tell(.input(.script(text: script.text, path: script.path))) }
            events.tell(.input(.endOfInput))
        case .lines(let input):
            while let line = await input.wantedLine() { events.tell(.input(.line(line))) }
            events.tell(.input(.endOfInput))
        }
    }

    /// Returns when the terminal, if it is one, is as it was before.
    func hasEnded() async {
        if case .terminal(let terminal) = self { await terminal.hasEnded() }
    }

    /// The machine has nothing to do.
    func wantsMore() {
        if case .lines(let input) = self { input.wantsMore() }
    }
}
