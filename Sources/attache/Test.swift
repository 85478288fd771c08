import ArgumentParser
import BotHost
import Foundation
import Logging

/// Run chat scripts against their bots.
struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run chat scripts against their bots, on a virtual clock.",
        discussion: """
            Each script plays on a local service of its own, in this process. A bot that a script starts is looked for beside the script, \
            then among the bot files named here, then in bots/. Exit code 4 when a script fails.

            Examples:
              attache test
              attache test bots/receipts.chat
              attache test scripts/ my-bot.yaml --junit report.xml
            """
    )

    @Argument(help: "Chat scripts, folders with chat scripts, and bot files.")
    var paths: [String] = ["bots"]

    @Option(help: ArgumentHelp("Only scripts whose path contains this.", valueName: "text"))
    var filter: String?

    @Option(help: ArgumentHelp("Write a report in JUnit's format.", valueName: "file"))
    var junit: String?

    @Flag(help: "List the behaviours and steps of each bot that no script has reached.")
    var coverage = false

    @Option(help: "What the bots log meanwhile: trace to critical.", transform: OptionValue.named)
    var logLevel: Logger.Level? = nil

    func run() async throws {
        let scripts = try ScriptFiles(paths: paths, filter: filter)
        guard !scripts.paths.isEmpty else {
            throw CommandFailure(.usage, "there is no chat script (*.chat) in \(paths.joined(separator: ", "))")
        }
        let level = logLevel ?? .critical
        let logger = Logger(label: "attache") { LineLogHandler(label: $0, level: level, format: .text) }
        let report = CoverageReport()
        let outcomes = try await Self.runAll(scripts, coverage: report, logger: logger)
        let failures = outcomes.count { $0.problem != nil }
        Terminal.answer("\(outcomes.count - failures) passed, \(failures) failed")
        if coverage { for line in report.lines { Terminal.answer(line) } }
        if let junit { try JUnitReport(outcomes: outcomes).write(to: junit) }
        if failures > 0 { throw CommandFailure(.expectation, "") }
    }

    /// As many at a time as there are processors; each line is printed when its script is done.
    private static func runAll(_ scripts: ScriptFiles, coverage: CoverageReport, logger: Logger) async throws -> [ScriptOutcome] {
        let libraries = NativeLibraries()
        let run: @Sendable (String) async throws -> ScriptOutcome = { path in
            try await ScriptOutcome(running: path, bots: scripts, libraries: libraries, coverage: coverage, logger: logger)
        }
        return try await withThrowingTaskGroup(of: ScriptOutcome.self) { group in
            var waiting = scripts.paths[...]
            for path in waiting.prefix(ProcessInfo.processInfo.activeProcessorCount) {
                waiting.removeFirst()
                group.addTask { try await run(path) }
            }
            var outcomes: [ScriptOutcome] = []
            for try await outcome in group {
                Terminal.answer(outcome.line)
                outcomes.append(outcome)
                if let path = waiting.popFirst() {
                    group.addTask { try await run(path) }
                }
            }
            return outcomes.sorted { $0.path < $1.path }
        }
    }
}
