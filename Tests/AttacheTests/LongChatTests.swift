import BotHost
import Logging
import Testing

@testable import attache

/// A day in the life of a session, on the virtual clock.
@Suite("A long chat", .timeLimit(.minutes(2)))
struct LongChatTests {
    @Test("For 24 hours of renewals, heartbeats and dropped sockets, every message is answered once and in order")
    func day() async throws {
        let text = "bot: echo\nbehaviours:\n  - when: message\n    do: [say: \"{{message.text}}!\"]\n"
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let modules = ModuleHost(logger: logger)
        let reading = try await BotLoader(modules: modules).load(text: text, path: "echo.yaml")
        let bot = try #require(reading.bot, "\(reading.diagnostics)")
        var lines = ["\\start echo --as Ada", "\\expect joined"]
        for hour in 0..<24 {
            lines += ["\(hour)", "\\expect next \"\(hour)!\""]
            switch hour % 4 {
            case 0: lines.append(#"\faults {"fault": "drop-sockets", "role": "CUSTOM_BOT"}"#)
            case 1: lines.append(#"\faults {"fault": "expire-tokens", "role": "CUSTOM_BOT"}"#)
            case 2: lines.append(#"\faults {"fault": "silence-sockets", "role": "CUSTOM_BOT"}"#)
            default: lines.append(#"\faults {"fault": "lose-response", "operation": "SendMessage", "role": "CUSTOM_BOT"}"#)
            }
            // The socket expires and is renewed in every hour.
            lines += ["\(hour) again", "\\expect next \"\(hour) again!\" within 1m", "\\advance 1h"]
        }
        lines += ["the end", "\\expect next \"the end!\""]
        let script = try ChatScript(text: lines.joined(separator: "\n"), path: "day.chat")
        try await Stage.set(for: [bot], modules: modules, logger: logger) { stage in
            let run = ScriptRun(script, on: stage)
            try await run.run()
        }
    }
}
