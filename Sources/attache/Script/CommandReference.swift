/// One command as `\help` tells it; also for the one who mistypes it.
struct CommandReference {
    let name: String
    let usage: String
    let summary: String
    let example: String

    init(_ name: String, _ usage: String, _ summary: String, example: String) {
        self.name = name
        self.usage = usage
        self.summary = summary
        self.example = example
    }

    static func find(_ name: String) -> CommandReference? {
        all.first { $0.name == name }
    }

    static let all: [CommandReference] = sections.flatMap(\.commands)

    static let sections: [(title: String, commands: [CommandReference])] = [
        ("Sessions", sessions), ("Acting", acting), ("Looking closer", looking), ("Scripts", scripts), ("Manners", manners),
    ]

    private static let sessions = [
        CommandReference(
            "start",
            #"\start BOT [--as NAME] [--attributes {json}]"#,
            "start a chat with a bot, as its customer",
            example: #"\start receipts --as Ada"#
        ),
        CommandReference(
            "connect",
            #"\connect --token-file FILE|- [--role ROLE] [--as NAME] [--participant-id ID]"#,
            "join a chat that exists, with its participant token; '-' asks for the token, which is not shown",
            example: #"\connect --token-file token.txt --role agent"#
        ),
        CommandReference(
            "use",
            #"\use NAME [--role agent|supervisor]"#,
            "go on as another participant; with a role, one that joins the current chat",
            example: #"\use Grace --role agent"#
        ),
        CommandReference("sessions", #"\sessions"#, "the participants that you are, and their chats", example: #"\sessions"#),
        CommandReference("participants", #"\participants"#, "who is in the current chat", example: #"\participants"#),
        CommandReference("leave", #"\leave"#, "leave the current chat", example: #"\leave"#),
    ]

    private static let acting = [
        CommandReference("attach", #"\attach FILE"#, "send a file, or one that an action made", example: #"\attach photo.jpg"#),
        CommandReference("typing", #"\typing"#, "show that you are typing", example: #"\typing"#),
        CommandReference("read", #"\read"#, "say that the last message was read", example: #"\read"#),
        CommandReference("delivered", #"\delivered"#, "say that the last message was delivered", example: #"\delivered"#),
        CommandReference("choose", #"\choose "TITLE""#, "pick a choice", example: #"\choose "Opening hours""#),
        CommandReference(
            "transcript",
            #"\transcript [--format txt|csv|json] [> FILE]"#,
            "the whole chat, as the service has it",
            example: #"\transcript --format csv > chat.csv"#
        ),
        CommandReference(
            "save",
            #"\save ITEM [PATH]"#,
            "download an attachment: ITEM is its number, its file's name, or 'last'",
            example: #"\save receipt-1001.txt /tmp/"#
        ),
        CommandReference("uploads", #"\uploads"#, "the files that you sent, and how far they are", example: #"\uploads"#),
        CommandReference("retry", #"\retry [FILE]"#, "send a file again that was not accepted", example: #"\retry photo.jpg"#),
        CommandReference(
            "do",
            #"\do MODULE.ACTION [{json}]"#,
            "run an action as a step of the bot would; a file that it makes can be sent with \\attach",
            example: #"\do documents.table {"columns": ["Day"], "rows": [["Monday"]]}"#
        ),
    ]

    private static let looking = [
        CommandReference("why", #"\why ITEM"#, "which behaviour, step and calls made an item of a bot of yours", example: #"\why last"#),
        CommandReference(
            "raw",
            #"\raw OPERATION [{json}]"#,
            "one call of the participant API as it is, with its answer; tokens are not shown",
            example: #"\raw GetTranscript {"MaxResults": 2}"#
        ),
        CommandReference("modules", #"\modules [reload]"#, "the modules of your bots, and their actions", example: #"\modules"#),
        CommandReference(
            "faults",
            #"\faults add {json}, or \faults list, or \faults clear; {json} as POST /local/faults of the local service takes it"#,
            "make something go wrong in this chat",
            example: #"\faults add {"operation": "SendMessage", "status": 503}"#
        ),
    ]

    private static let scripts = [
        CommandReference(
            "expect",
            #"\expect [next] X [within D], where X is "text", /pattern/, file NAME [type T] [contains "text"] [equals PATH], "#
                + #"event TYPE, typing, left, joined or choice "title"; or \expect nothing for D"#,
            "wait for an item by others that fits; 10 seconds unless told otherwise",
            example: #"\expect "Anything else?" within 30s"#
        ),
        CommandReference("wait", #"\wait DURATION"#, "let time pass", example: #"\wait 5s"#),
        CommandReference("advance", #"\advance DURATION"#, "let time pass on the virtual clock of a test", example: #"\advance 3m"#),
        CommandReference(
            "record",
            #"\record FILE, or \record off"#,
            "keep the chats so far, and what follows, as a chat script that 'attache test' passes",
            example: #"\record ada.chat"#
        ),
        CommandReference(
            "replay",
            #"\replay FILE"#,
            "play a chat script as 'attache test' does, beside your chats",
            example: #"\replay ada.chat"#
        ),
        CommandReference("source", #"\source FILE"#, "do the lines of a file here", example: #"\source setup.chat"#),
    ]

    private static let manners = [
        CommandReference(
            "set",
            #"\set [NAME VALUE], where NAME is timing, json, times or colour (on, off), or watch (all, current, off)"#,
            "show or change the settings",
            example: #"\set times off"#
        ),
        CommandReference("timing", #"\timing [on|off]"#, "tell how long each command takes", example: #"\timing on"#),
        CommandReference("watch", #"\watch all|current|off"#, "whose items are shown", example: #"\watch current"#),
        CommandReference("json", #"\json [on|off]"#, "one JSON object a line instead of text", example: #"\json on"#),
        CommandReference("error", #"\error"#, "the last error in full", example: #"\error"#),
        CommandReference("help", #"\help [COMMAND]"#, "this, or one command with an example", example: #"\help expect"#),
        CommandReference("quit", #"\quit"#, "leave; Ctrl-D does the same", example: #"\quit"#),
    ]
}
