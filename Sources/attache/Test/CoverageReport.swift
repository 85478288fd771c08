import BotHost
import Synchronization

/// Which behaviours and steps of the bots the scripts have reached.
final class CoverageReport: Sendable {
    private struct Seen {
        var bot: Bot
        var reached: Set<SourceMark> = []
    }

    /// By the path of the bot's file.
    private let seen = Mutex<[String: Seen]>([:])

    /// A bot that a script starts is in the report, even if nothing of it is reached.
    func expect(_ bots: [Bot]) {
        seen.withLock { seen in
            for bot in bots where seen[bot.path] == nil { seen[bot.path] = Seen(bot: bot) }
        }
    }

    func note(_ session: SessionID, _ bot: Bot, _ event: TraceEvent) {
        guard case .turn(_, let reached, _) = event else { return }
        seen.withLock { $0[bot.path, default: Seen(bot: bot)].reached.formUnion(reached) }
    }

    /// A line a bot, and one for each place that was not reached.
    var lines: [String] {
        seen.withLock { Array($0.values) }.sorted { $0.bot.path < $1.bot.path }.flatMap { seen in
            let places = seen.bot.definition.places
            let missed = places.filter { !seen.reached.contains($0.mark) }
            let head = "coverage: \(seen.bot.path): \(places.count - missed.count) of \(places.count) behaviours and steps reached"
            return [head] + missed.map { "  \(seen.bot.path):\($0.mark.line): never reached: \($0.what)" }
        }
    }
}
