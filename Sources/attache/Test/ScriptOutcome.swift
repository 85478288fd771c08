import Foundation
import Logging

/// What became of one script.
struct ScriptOutcome: Sendable {
    let path: String
    let duration: Duration
    /// Nil for a script that passed.
    let problem: String?

    init(running path: String, bots: ScriptFiles, coverage: CoverageReport, logger: Logger) async throws {
        self.path = path
        let start = ContinuousClock.now
        problem = await Self.problem(in: path, bots: bots, coverage: coverage, logger: logger)
        duration = start.duration(to: .now)
    }

    private static func problem(in path: String, bots: ScriptFiles, coverage: CoverageReport, logger: Logger) async -> String? {
        guard let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) }) else {
            return "\(path): there is no such file, or it is not a text in UTF-8"
        }
        do {
            let script = try ChatScript(text: text, path: path)
            let bots = try bots.bots(of: script)
            coverage.expect(bots)
            try await Stage.set(for: bots, trace: coverage.note, logger: logger) { stage in
                var run = ScriptRun(script, on: stage)
                try await run.run()
            }
            return nil
        } catch let problem as ScriptProblem {
            return "\(path): \(problem)"
        } catch {
            return "\(error)"
        }
    }

    /// For people, with all that went wrong.
    var line: String {
        let milliseconds = Int(duration / .milliseconds(1))
        let verdict = problem == nil ? "ok  " : "FAIL"
        let head = "\(verdict) \(path) (\(milliseconds) ms)"
        guard let problem else { return head }
        return head + "\n" + problem.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }.joined(separator: "\n")
    }
}
