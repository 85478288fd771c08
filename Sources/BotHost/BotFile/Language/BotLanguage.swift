import ConnectWire
import Logging

/// The words of a bot file. The reader, `attache check --schema` and the README's tables all take them from here.
package enum BotLanguage {
    static let head = [
        Word("bot", .text, required: true, "the bot's name"),
        Word("description", .text, "what it is for"),
        Word("participant", .keys(participant), "who the bot is in the chat"),
        Word("modules", .named(.keys(module)), "where actions come from"),
        Word("limits", .keys(botLimits), "what its chats may take"),
        Word("variables", .values, "the session's variables, as they begin"),
        Word("behaviours", .list(.behaviour), required: true, "triggers and the steps that follow them"),
    ]

    static let botLimits = [
        Word(
            "messages_per_minute",
            .either([.count(upTo: BotLimits.messagesPerMinute.upperBound), .choice(["off"])]),
            "how many messages of a chat are answered within a minute before that is taken for a loop; `off` for load tests"
        )
    ]

    static let participant = [Word("display_name", .text, "the name that the others see")]

    static let carriers = [
        Word("mcp", .list(.text), "the command that starts an MCP server, and its arguments"),
        Word("library", .text, "the name or the path of a native library"),
    ]

    static let module = carriers + moduleOptions + processOptions

    static let moduleOptions = [
        Word("timeout", .duration, usage: "timeout: 15s", "how long a call may go without an answer or a sign of progress"),
        Word(
            "concurrency",
            .count(upTo: ModuleOptions.concurrencyLimit),
            usage: "concurrency: 8",
            "how many calls it gets at a time; up to 64 more wait, the next one fails"
        ),
        Word(
            "trust",
            .choice(["true", "false"]),
            usage: "trust: true",
            "it is told the step's variables, and an interrupted call is made again if the module calls the action read-only or idempotent; left out: unless it calls it destructive as well; with `false`: never"
        ),
        Word("tools", .list(.text), usage: "tools: [lookup]", "the only actions that may be called"),
        Word(
            "pin",
            .text,
            usage: "pin: sha256:...",
            "the digest that its actions must have, as `attache module list` prints it; others are refused"
        ),
    ]

    static let processOptions = [
        Word(
            "env",
            .named(.either([.text, .keys(environmentSource)])),
            usage: "env: { NAME: text }",
            "its whole environment; `{ from: NAME }` takes the value from the host's own"
        ),
        Word("start", .duration, usage: "start: 30s", "how long it may take to answer after it was started"),
        Word("cwd", .text, usage: "cwd: folder", "where it runs; the bot file's folder, if left out"),
        Word(
            "limits",
            .keys(limits),
            usage: "limits: { memory: 256MB }",
            "what it may use: with all that it starts `memory: 2GB` and `processes: 256` (threads count), each process `cpu: 10s`, `open_files: 256`, `file_size: 256MB`"
        ),
        Word(
            "sandbox",
            .choice(sandboxChoices),
            usage: "sandbox: off",
            "it has all files that the host's user has, and not only those that it needs"
        ),
        Word(
            "protocol",
            .choice(ModuleOptions.EraChoice.allCases.map(\.rawValue)),
            usage: "protocol: auto",
            "`modern` (`server/discover`) or `legacy` (`initialize`); found out, if left out"
        ),
    ]

    static let sandboxChoices = ["on", "off"]

    static let environmentSource = [Word("from", .text, required: true, "a variable of the host's environment")]

    static let limits = [
        Word("memory", .text, "memory of the module with all that it starts, as in 256MB"),
        Word("processes", .count(upTo: 1_000_000), "processes and threads of the module"),
        Word("cpu", .duration, "processor time"),
        Word("open_files", .count(upTo: 1_000_000), "open files"),
        Word("file_size", .text, "the size of one file that it writes"),
    ]

    // MARK: Triggers

    static let triggers = [
        Word("joined", .nothing, "the bot is connected; once a session", with: [condition]),
        Word("message", .nothing, "somebody said something", with: [matches, says, from, condition]),
        Word("attachment", .nothing, "somebody sent a file", with: [from, condition]),
        Word(
            "event",
            .nothing,
            usage: "event` with `type:",
            "something else happened, for example `participant.joined`",
            with: [eventType, from, condition]
        ),
        Word(
            "idle",
            .duration,
            usage: "{ idle: 10m }",
            "the other side has been silent for so long; once until it is heard again, and not during a question",
            with: [condition]
        ),
        Word("unmatched", .nothing, "a message that no other behaviour took", with: [from, condition]),
        Word("failed", .nothing, "a step without `otherwise` failed", with: [condition]),
        Word("ended", .nothing, "the chat is over; only `set`, `log` and actions are possible", with: [condition]),
    ]

    /// All that any trigger has, in the order of the README.
    static let filters = [says, matches, from, eventType, condition]

    private static let says = Word(
        "says",
        .either([.text, .list(.text)]),
        usage: "says: text",
        "equal, ignoring case and surrounding space; or a list of such texts"
    )
    private static let matches = Word(
        "matches",
        .pattern,
        usage: "matches: 'pattern'",
        "PCRE2, anywhere in the text, ignoring case; groups become variables: `(?<order>[0-9]+)` is `{{order}}`"
    )
    private static let from = Word(
        "from",
        .either([.choice(senderNames), .list(.choice(senderNames))]),
        usage: "from: agent",
        "`customer` unless said otherwise; or \(senderNames.filter { $0 != "customer" }.map { "`\($0)`" }.joined(separator: ", ")); or a list"
    )
    private static let eventType = Word("type", .text, usage: "type: participant.left", "the event's type")
    private static let condition = Word("if", .condition, usage: "if: condition", "the condition holds")

    static let senderNames = ["customer", "agent", "custom_bot", "supervisor", "system", "anyone"]

    // MARK: Steps

    static let steps = [
        Word(
            "say",
            .either([.text, .keys(message)]),
            usage: "say: \"text\"",
            "sends a message, in parts where it is longer than 1,024 characters; in markdown with `say: { text: \"...\", format: markdown }`"
        ),
        Word(
            "ask",
            .either([.text, .keys(message)]),
            usage: "ask: \"text\"",
            "sends it and takes the next message as the step's value; an answer that does not fit `expect: 'pattern'` is for the other behaviours, or the question comes again, up to `retries: 2`",
            with: [
                Word("expect", .pattern, "what an answer looks like"), retries,
            ]
        ),
        Word(
            "choose",
            .text,
            usage: "choose: \"text\"",
            "shows up to \(Picker.optionLimit) `options:` to pick from, each a text or `{ title, subtitle, value }`; the step's value is that of the chosen one; `retries` as for `ask`",
            with: [
                Word("options", .either([.text, .list(.either([.text, .keys(option)]))]), required: true, "what to choose from"),
                Word("subtitle", .text, "a second line below the text"), retries,
            ]
        ),
        Word("typing", .nothing, "shows that the bot is typing"),
        Word(
            "attach",
            .either([.text, .keys([path])]),
            usage: "attach: \"{{file}}\"",
            "sends a file that an action made, or with `attach: { path: terms.pdf }` one from the bot's folder; done when the service has approved it"
        ),
        Word("set", .values, usage: "set: { name: value }", "changes the session's variables"),
        Word(
            "if",
            .condition,
            usage: "if: condition",
            "does the steps of `then:` or those of `else:`",
            with: [
                Word("then", .steps, "if the condition holds"), Word("else", .steps, "if it does not"),
            ]
        ),
        Word(
            "each",
            .value,
            usage: "each: \"{{list}}\"",
            "does the steps of `do:` for every element, which `as: name` names, at most \(Step.eachLimit)",
            with: [
                Word("do", .steps, required: true, "what to do with each element")
            ]
        ),
        Word("wait", .duration, usage: "wait: 5s", "waits; the units are `ms`, `s`, `m` and `h`"),
        Word("run", .text, usage: "run: name", "does the steps of another behaviour, one with `name:`"),
        Word(
            "log",
            .either([.text, .keys(logEntry)]),
            usage: "log: \"text\"",
            "writes to the host's log; `log: { level: warning, text: \"...\" }`"
        ),
        Word("stop", .nothing, "ends the run"),
        Word("leave", .nothing, "leaves the chat"),
    ]

    /// What every step may have.
    static let modifiers = [
        Word("as", .text, usage: "as: name", "names the step's value"),
        Word("within", .duration, usage: "within: 30s", "how long the step may take"),
        Word(
            "otherwise",
            .steps,
            usage: "otherwise:",
            "steps for when it fails, with `{{error.reason}}` and `{{error.kind}}`; then the run goes on"
        ),
    ]

    static let message = [
        Word("text", .text, required: true, "what to say"),
        Word("format", .choice(["plain", "markdown"]), "values are escaped in markdown"),
    ]
    static let option = [
        Word("title", .text, required: true, "what the option shows"),
        Word("subtitle", .text, "a second line below it"),
        Word("value", .value, "what the step's value is when it is chosen; the title, if left out"),
    ]
    static let path = Word("path", .text, required: true, "a file in the bot's folder")
    static let logEntry = [
        Word("level", .choice(Logger.Level.allCases.map(\.rawValue)), "how serious it is"),
        Word("text", .text, required: true, "what to log"),
    ]
    static let retriesLimit = 100
    private static let retries = Word("retries", .count(upTo: retriesLimit), "how often the question is repeated")

    /// Actions that every bot needs go by a short name.
    static let shortNames = ["transcript": "documents.transcript", "receipt": "documents.receipt", "table": "documents.table"]

    // MARK: Conditions

    static let conditions = [
        Word("equals", .list(.value), usage: "equals: [a, b]", "they are the same"),
        Word("matches", .list(.value), usage: "matches: [text, 'pattern']", "the pattern fits; its groups become variables"),
        Word("contains", .list(.value), usage: "contains: [whole, part]", "a list has the element, or a text the part"),
        Word("less", .list(.value), usage: "less: [a, b]", "the number `a` is less than `b`"),
        Word("greater", .list(.value), usage: "greater: [a, b]", "the number `a` is greater than `b`"),
        Word("present", .text, usage: "present: found.lines", "there is such a value"),
        Word("all", .list(.condition), usage: "all: [...]", "all of the conditions hold"),
        Word("any", .list(.condition), usage: "any: [...]", "one of them does"),
        Word("not", .condition, usage: "not: condition", "it does not hold"),
    ]

    // MARK: Templates

    static let templateFilters = [
        Word("default", .value, usage: "default: x", "instead of a value that is missing"),
        Word("upper", .nothing, "in capital letters"),
        Word("lower", .nothing, "in small letters"),
        Word("date", .text, usage: "date: d MMMM yyyy", "a date by a pattern of letters, in UTC"),
        Word("money", .text, usage: "money: EUR", "an amount, with its currency"),
        Word("join", .text, usage: "join: ', '", "the elements of a list as one text"),
        Word("count", .nothing, "how many elements, members or characters"),
        Word("json", .nothing, "the value as JSON"),
    ]

    /// The keys of a behaviour with the trigger; all, where the trigger is not known.
    static func behaviourKeys(trigger: String?) -> [String] {
        let companions = trigger.map { name in triggers[name]?.companions.names ?? ["matches", "says", "type", "from", "if"] } ?? []
        return ["name", "when"] + companions + ["do"]
    }
}
