import ConnectWire
import Testing

@testable import attache

@Suite("The REPL's machine")
struct ReplMachineTests {
    private static let done = ReplMachine.Input.finished(.milliseconds(5), nil)
    private static let failed = ReplMachine.Input.finished(.milliseconds(5), Problem("no luck"))

    /// What is run, told and left with, a word each.
    private static func words(_ effects: [ReplMachine.Effect]) -> [String] {
        effects.map { effect in
            switch effect {
            case .run(_, let text, _): "run \(text)"
            case .read(let path): "read \(path)"
            case .cancel: "cancel"
            case .settle: "settle"
            case .leave(let status): "leave \(status.rawValue)"
            case .show(.problem(let problem)): "problem \(problem.place.map { "\($0.file):\($0.line): " } ?? "")\(problem.message)"
            case .show(.answer(let answer)): "answer \(answer.command)"
            case .show(.line(let line)): "> \(line)"
            case .show(.done): "done"
            case .show(.notice(let text)): "notice \(text)"
            case .show: "show"
            }
        }
    }

    private static func play(_ inputs: [ReplMachine.Input], isInteractive: Bool = true) -> [String] {
        var machine = ReplMachine(isInteractive: isInteractive)
        return inputs.flatMap { words(machine.handle($0)) }
    }

    @Test(
        "At a terminal",
        arguments: [
            ([.line("hello")], ["run hello"]),
            ([.line(""), .line("   "), .line("# a comment")], []),
            // One command at a time, in order.
            ([.line("a"), .line("b"), .line("c"), done, done], ["run a", "done", "run b", "done", "run c"]),
            // What failed holds up nothing that was typed after it.
            ([.line("a"), .line("b"), failed], ["run a", "problem no luck", "run b"]),
            ([.line("one\\"), .line("two")], ["run one\ntwo"]),
            ([.line("one\\"), .interrupt, .line("two")], ["run two"]),
            ([.line("ends with \\\\")], ["run ends with \\\\"]),
            ([.interrupt], []),
            ([.line("a"), .interrupt], ["run a", "cancel"]),
            ([.endOfInput], ["leave 0"]),
            ([.line("a"), .endOfInput], ["run a", "cancel", "leave 0"]),
            ([.line("\\quit"), .line("b")], ["leave 0"]),
            ([.line("\\strat echo")], ["problem there is no command '\\strat'. Did you mean '\\start'?"]),
            ([.line("\\error")], ["notice there was no error"]),
            ([.line("a"), failed, .line("\\error")], ["run a", "problem no luck", "answer error"]),
            ([.line("\\help")], ["answer help"]),
            ([.line("\\help \\start")], ["answer help"]),
            ([.line("\\help nonsense")], ["problem there is no command 'nonsense'; \\help lists them"]),
            ([.line("\\set")], ["answer set"]),
            ([.line("\\set timing on"), .line("\\set")], ["answer set"]),
            ([done], []),
        ] as [([ReplMachine.Input], [String])]
    )
    func interactive(_ inputs: [ReplMachine.Input], _ words: [String]) {
        #expect(Self.play(inputs) == words)
    }

    @Test(
        "Without a terminal, the first error ends it, and the end of the input waits for what is to be done",
        arguments: [
            ([.line("a"), .endOfInput, done, done], ["run a", "done", "settle", "leave 0"]),
            ([.line("\\wait 1s"), .endOfInput, done], ["run \\wait 1s", "done", "leave 0"]),
            ([.endOfInput], ["leave 0"]),
            ([.line("a"), .line("b"), failed], ["run a", "problem no luck", "leave 1"]),
            ([.line("\\nonsense")], ["problem there is no command '\\nonsense'. \\help lists them.", "leave 2"]),
            ([.line("a\\"), .endOfInput, done, done], ["run a\n", "done", "settle", "leave 0"]),
            (
                [.script(text: "a\n\\oops\n\\wait x", path: "x.chat")],
                [
                    "problem x.chat:2: there is no command '\\oops'. \\help lists them.\n    \\oops\n"
                        + "x.chat:3: 'x' is not a duration: a number and a unit, as in 500ms, 5s, 2m, 1h. It is: \\wait DURATION\n    \\wait x",
                    "leave 2",
                ]
            ),
            (
                [.script(text: "a\n\nb", path: "x.chat"), .endOfInput, done, done, done],
                ["> a", "run a", "done", "> b", "run b", "done", "settle", "leave 0"]
            ),
            ([.script(text: "a\nb", path: "x.chat"), .endOfInput, failed], ["> a", "run a", "problem x.chat:1: no luck", "leave 1"]),
        ] as [([ReplMachine.Input], [String])]
    )
    func plain(_ inputs: [ReplMachine.Input], _ words: [String]) {
        #expect(Self.play(inputs, isInteractive: false) == words)
    }

    @Test(
        "A file's lines come before what waits, and what fails takes the rest of its files with it",
        arguments: [
            (
                [.line("\\source x"), .line("c"), .read(text: "a\nb", path: "x"), done, done],
                ["read x", "> a", "run a", "done", "> b", "run b", "done", "run c"]
            ),
            (
                [.line("\\source x"), .line("c"), .read(text: "a\nb", path: "x"), failed],
                ["read x", "> a", "run a", "problem x:1: no luck", "run c"]
            ),
            (
                [.line("\\source x"), .line("c"), .read(text: "\\source y\nb", path: "x"), .read(text: "a", path: "y"), failed],
                ["read x", "> \\source y", "read y", "> a", "run a", "problem y:1: no luck", "run c"]
            ),
            ([.line("\\source x"), .line("c"), failed], ["read x", "problem no luck", "run c"]),
            (
                [.line("\\source x"), .read(text: "\\wait", path: "x"), .line("c")],
                [
                    "read x", "problem x:1: how long is missing. It is: \\wait DURATION\n    \\wait", "run c",
                ]
            ),
        ] as [([ReplMachine.Input], [String])]
    )
    func sources(_ inputs: [ReplMachine.Input], _ words: [String]) {
        #expect(Self.play(inputs) == words)
    }

    @Test("Files that ask for each other end with a word about that")
    func endlessSource() {
        var inputs: [ReplMachine.Input] = [.line("\\source x")]
        inputs += Array(repeating: .read(text: "\\source x", path: "x"), count: 20)
        #expect(Self.play(inputs).contains { $0.hasSuffix("scripts call each other more than 16 deep") })
    }

    @Test(
        "A pasted block is one message, or a script where it has commands or is too long for one message",
        arguments: [
            ("one\ntwo", ["run one\ntwo"]),
            ("\\start echo\nhello", ["> \\start echo", "run \\start echo"]),
            (String(repeating: "a line of a long text\n", count: 500), ["> a line of a long text", "run a line of a long text"]),
        ] as [(String, [String])]
    )
    func pastes(_ text: String, _ words: [String]) {
        #expect(Self.play([.line(text)]) == words)
    }

    @Test("Of 500 pasted lines each is done, in order")
    func longPaste() {
        var machine = ReplMachine(isInteractive: true)
        var run: [String] = []
        var effects = machine.handle(.line((1...500).map { "this is line \($0)" }.joined(separator: "\n")))
        while case .run(_, let text, _)? = effects.last {
            run.append(text)
            effects = machine.handle(Self.done)
        }
        #expect(run == (1...500).map { "this is line \($0)" })
        #expect(machine.isIdle)
    }

    @Test("Lines that are too many are refused whole")
    func tooMany() {
        let text = String(repeating: "\\wait 1s\n", count: ReplMachine.capacity + 1)
        #expect(Self.play([.line(text)]) == ["problem more than 10000 lines wait to be done; these were not taken"])
    }

    @Test("Settings change what is told")
    func settings() {
        var machine = ReplMachine(isInteractive: true)
        for line in ["\\timing", "\\json on", "\\watch current", "\\set times off", "\\set colour on"] { _ = machine.handle(.line(line)) }
        #expect(machine.settings == Settings(timing: true, json: true, watch: .current, times: false, colour: true))
        _ = machine.handle(.line("a"))
        #expect(machine.handle(Self.done) == [.show(.done("a", .milliseconds(5), isTold: true))])
    }
}
