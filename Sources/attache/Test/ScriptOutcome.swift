import BotHost
import Foundation
import Logging
import Transport

/// What became of one script.
struct ScriptOutcome: Sendable {
    let path: String
    let duration: Duration
    /// Nil for a script that passed.
    let problem: String?

    /// - Parameter keeper: Of the processes of the bots' modules. Every script has its own.
    /// - Parameter libraries: Of this process.
    init(
        running path: String,
        bots: ScriptFiles,
        keeper: ChildKeeper = ChildKeeper(),
        libraries: NativeLibraries,
        coverage: CoverageReport,
        logger: Logger
    ) async throws {
        self.path = path
        let start = ContinuousClock.now
        problem = await Self.problem(in: path, bots: bots, keeper: keeper, libraries: libraries, coverage: coverage, logger: logger)
        duration = start.duration(to: .now)
    }

    private static func problem(
        in path: String,
        bots: ScriptFiles,
        keeper: ChildKeeper,
        libraries: NativeLibraries,
        coverage: CoverageReport,
        logger: Logger
    ) async -> String? {
        guard let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) }) else {
            return "\(path): there is no such file, or it is not a text in UTF-8"
        }
        do {
            let script = try ChatScript(text: text, path: path, isTest: true)
            let modules = ModuleHost(keeper: keeper, libraries: libraries, logger: logger)
            try await modules.running {
                let readings = try await bots.bots(of: script, loader: BotLoader(modules: modules))
                let bots = readings.compactMap(\.bot)
                coverage.expect(bots)
                do {
                    try await Stage.set(for: bots, modules: modules, trace: coverage.note, logger: logger) { stage in
                        try await ScriptRun(script, on: stage).run()
                    }
                } catch {
                    // What was wrong from the start may be why.
                    throw FailedPlay(description: ([error] + readings.flatMap(\.diagnostics)).map { "\($0)" }.joined(separator: "\n"))
                }
            }
            return nil
        } catch let problem as ScriptProblem {
            return "\(path): \(problem)"
        } catch {
            return "\(error)"
        }
    }

    /// With the places of all that went wrong.
    private struct FailedPlay: Error, CustomStringConvertible {
        let description: String
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
