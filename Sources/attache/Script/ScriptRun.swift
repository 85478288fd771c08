import BotHost
import ConnectWire
import Foundation

/// Plays a chat script on a stage, on the virtual clock.
///
/// A typed line settles the system and passes no time. What needs time to be done jumps from timer to timer, up to a limit.
struct ScriptRun {
    private let script: ChatScript
    private let stage: Stage
    private let commands: ChatCommands

    init(_ script: ChatScript, on stage: Stage) {
        self.script = script
        self.stage = stage
        commands = ChatCommands(service: stage.service, pace: VirtualPace(time: stage.time), folder: script.folder)
    }

    private var current: Person? { stage.service.cast.current }

    /// - Throws: ``ScriptFailure``
    func run() async throws {
        for step in script.steps {
            do {
                try await commands.perform(step.command)
            } catch {
                var bot: String?
                if let contact = current?.contactID { bot = await stage.whatBotAwaits(in: contact) }
                throw ScriptFailure(
                    script: script.path,
                    step: step,
                    problem: "\(error)",
                    came: (error as? Unmet)?.came,
                    bot: bot,
                    conversation: conversation
                )
            }
        }
    }

    /// The conversation of the current chat, a line an item.
    var conversation: [String] {
        guard let current else { return [] }
        return current.items.map { ConversationLine(item: $0, start: Stage.start).text }
    }
}

/// Why a script failed: the line, what was expected, what came instead, and the conversation so far.
struct ScriptFailure: Error, CustomStringConvertible {
    var script: String
    var step: ChatScript.Step
    var problem: String
    /// Nil where nothing was expected.
    var came: [Item]?
    /// What the bot was waiting for.
    var bot: String?
    var conversation: [String]

    var description: String {
        var lines = ["\(script):\(step.line): \(problem)", "    \(step.text)"]
        if let came {
            lines.append(came.isEmpty ? "  nothing came" : "  what came instead:")
            lines += came.map { "    " + ConversationLine(item: $0, start: Stage.start).text }
        }
        if let bot { lines.append("  the bot: \(bot)") }
        if !conversation.isEmpty { lines += ["  the conversation so far:"] + conversation.map { "    " + $0 } }
        return lines.joined(separator: "\n")
    }
}
