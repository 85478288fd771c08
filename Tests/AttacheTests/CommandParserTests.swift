import ConnectWire
import Testing

@testable import attache

@Suite("The commands of chat scripts")
struct CommandParserTests {
    @Test(
        "Lines are read as what they ask for",
        arguments: [
            ("", nil),
            ("   # a comment", nil),
            ("hello there", .say("hello there")),
            ("order #5, please", .say("order #5, please")),
            (#"\\start of a line"#, .say(#"\start of a line"#)),
            (#"\start echo"#, .start(bot: "echo", name: nil, attributes: [:])),
            (#"\start echo --as Ada   # a new chat"#, .start(bot: "echo", name: "Ada", attributes: [:])),
            (#"\start echo --as "Ada Lovelace""#, .start(bot: "echo", name: "Ada Lovelace", attributes: [:])),
            (
                #"\start echo --attributes {"a": "x } y", "b": "\"" } --as Ada"#,
                .start(bot: "echo", name: "Ada", attributes: ["a": "x } y", "b": "\""])
            ),
            (#"\use Ada"#, .use(name: "Ada", role: nil)),
            (#"\use Grace --role agent"#, .use(name: "Grace", role: .agent)),
            (#"\expect "Anything else?""#, .expect(.text("Anything else?"), allowsSkipping: true, within: nil)),
            (
                #"\expect next "a \"quoted\" # word" within 90s"#,
                .expect(.text(#"a "quoted" # word"#), allowsSkipping: false, within: .seconds(90))
            ),
            (#"\expect "next""#, .expect(.text("next"), allowsSkipping: true, within: nil)),
            (#"\expect /order \d+\/\d+/"#, .expect(.pattern(#"order \d+/\d+"#), allowsSkipping: true, within: nil)),
            (#"\expect file r.txt"#, .expect(.file(FileExpectation(name: "r.txt")), allowsSkipping: true, within: nil)),
            (
                #"\expect file "my file.txt" type text/plain contains "Total" equals golden/r.txt within 2m"#,
                .expect(
                    .file(FileExpectation(name: "my file.txt", contentType: "text/plain", contains: "Total", equals: "golden/r.txt")),
                    allowsSkipping: true,
                    within: .seconds(120)
                )
            ),
            (#"\expect event participant.left"#, .expect(.event("participant.left"), allowsSkipping: true, within: nil)),
            (#"\expect typing"#, .expect(.typing, allowsSkipping: true, within: nil)),
            (#"\expect next left"#, .expect(.left, allowsSkipping: false, within: nil)),
            (#"\expect choice "Talk to a person""#, .expect(.choice("Talk to a person"), allowsSkipping: true, within: nil)),
            (#"\expect nothing for 500ms"#, .expectNothing(.milliseconds(500))),
            (#"\wait 1h"#, .wait(.seconds(3600))),
            (#"\advance 3m"#, .advance(.seconds(180))),
            (#"\attach photo.jpg"#, .attach(path: "photo.jpg")),
            (#"\typing"#, .typing),
            (#"\choose "Yes, please""#, .choose(title: "Yes, please")),
            (#"\faults {"operation": "SendMessage", "status": 503}"#, .faults(.add(#"{"operation": "SendMessage", "status": 503}"#))),
        ] as [(String, Command?)]
    )
    func parsing(_ line: String, _ command: Command?) throws {
        #expect(try CommandParser.parse(line) == command)
    }

    @Test(
        "Mistakes are told with what would be right",
        arguments: [
            (#"\strat echo"#, #"there is no command '\strat'. Did you mean '\start'?"#),
            (#"\start"#, "the name of a bot is missing."),
            (#"\start echo --az Ada"#, "'--az' is not an option of it; did you mean '--as'? It is: "),
            (#"\start echo --colour red"#, "'--colour' is not an option of it. It is: "),
            (#"\connect --rol agent"#, "'--rol' is not an option of it; did you mean '--role'?"),
            (#"\connect --role agnet"#, "the role 'agnet' cannot join: it is customer or agent or"),
            (#"\use Grace --role agnet"#, "the role 'agnet' cannot join: it is agent or supervisor; did you mean 'agent'?"),
            (#"\transcript --fromat csv"#, "'--fromat' is not an option of it; did you mean '--format'?"),
            (#"\transcript --format cvs"#, "the format 'cvs' is not txt, csv or json; did you mean 'csv'?"),
            (#"\expect tyiping"#, "'tyiping' cannot be expected; a text needs quotes; did you mean 'typing'?"),
            (#"\watch curent"#, "'curent' is not all or current or off; did you mean 'current'?"),
            (#"\set tiems off"#, "there is no setting 'tiems'; did you mean 'times'?"),
            (#"\modules relaod"#, "'relaod' is not reload; did you mean 'reload'?"),
            (#"\faults lsit"#, "a fault in braces is missing; did you mean 'list'?"),
            (#"\raw SendMesage"#, "the participant API has no operation 'SendMesage'. Did you mean SendMessage?"),
            (#"\wait -5s"#, "'-5s' is not a duration:"), (#"\wait 1.5s"#, "'1.5s' is not a duration:"),
            (#"\wait 99999999999999999999s"#, "'99999999999999999999s' is not a duration:"),
            (#"\wait 999999999h"#, "'999999999h' is not a duration:"), (#"\wait s"#, "'s' is not a duration:"),
            (#"\advance 5y"#, "'5y' is not a duration:"),
            (#"\start echo --attributes {"a": 1}"#, "the attribute 'a' is not a text."),
            (#"\start echo --attributes {"a": "1""#, "a JSON object in braces is missing, or is not closed"),
            (#"\use Grace --role king"#, "the role 'king' cannot join: it is agent or supervisor."),
            (#"\expect"#, "what is expected is missing."),
            (#"\expect hello"#, "'hello' cannot be expected; a text needs quotes."),
            (#"\expect "hello"#, #"the text is not closed: a " is missing"#),
            (#"\expect "hello" within 5"#, "'5' is not a duration:"),
            (#"\expect "hello" for 5s"#, "after what is expected comes 'within' or nothing, not 'for'."),
            (#"\expect /(/"#, "the pattern is wrong:"),
            (#"\expect nothing"#, "'for' is missing."),
            (#"\wait 5 minutes"#, "'5' is not a duration:"),
            (#"\typing now"#, "'now' is one word too many."),
        ]
    )
    func mistakes(_ line: String, _ beginning: String) {
        #expect { try CommandParser.parse(line) } throws: { "\($0)".hasPrefix(beginning) }
    }

    @Test("A script tells all its mistakes at once, with their lines")
    func script() {
        let text = "\\start echo\n\\oops\nhello\n\n\\wait soon\n"
        #expect { try ChatScript(text: text, path: "x.chat") } throws: { error in
            let mistakes = (error as? ScriptMistakes)?.mistakes.map(\.line)
            return mistakes == [2, 5] && "\(error)".hasPrefix("x.chat:2: there is no command '\\oops'.")
        }
    }

    @Test("A line that ends with a backslash goes on")
    func continuation() throws {
        let script = try ChatScript(text: "one\\\ntwo\r\nthree", path: "x.chat")
        #expect(script.steps.map(\.command) == [.say("one\ntwo"), .say("three")])
        #expect(script.steps.map(\.line) == [1, 3])
    }
}
