import BotHost
import Foundation
import Logging
import Testing
import Transport

@testable import attache

/// The bots that come with the project, and the scripts beside them.
@Suite("The bots in bots/")
struct BundledBotTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("bots").path

    /// The program is beside the tests.
    private static let keeper = ChildKeeper(
        executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/attache"
    )

    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func outcome(of path: String, _ files: ScriptFiles, _ coverage: CoverageReport) async throws -> ScriptOutcome {
        try await ScriptOutcome(
            running: path,
            bots: files,
            keeper: keeper,
            libraries: NativeLibraries(),
            coverage: coverage,
            logger: logger
        )
    }

    @Test("Every script passes, and together they reach every behaviour and every step")
    func scripts() async throws {
        let files = try ScriptFiles(paths: [Self.folder], filter: nil)
        let coverage = CoverageReport()
        for path in files.paths {
            let outcome = try await Self.outcome(of: path, files, coverage)
            #expect(outcome.problem == nil, "\(outcome.line)")
        }
        let bots = try FileManager.default.contentsOfDirectory(atPath: Self.folder).filter { $0.hasSuffix(".yaml") }
        #expect(coverage.lines.count == bots.count, "\(coverage.lines.joined(separator: "\n"))")
    }

    @Test("The README shows the echo bot as it is")
    func readme() throws {
        let readme = try String(contentsOfFile: Self.folder + "/../README.md", encoding: .utf8)
        let bot = try String(contentsOfFile: Self.folder + "/echo.yaml", encoding: .utf8)
        #expect(readme.contains("```yaml\n\(bot)```"))
        let script = try String(contentsOfFile: Self.folder + "/receipts-answers.chat", encoding: .utf8)
        #expect(readme.contains("```\n\(script)```"))
    }

    @Test("A script that fails is told on one line and in the report, and the others go on")
    func failure() async throws {
        let folder = NSTemporaryDirectory() + "/attache-scripts-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let scripts = [
            "a.chat": "\\start nobody\n",
            "b.chat": "\\start echo\n\\expect \"<never> & \\\"ever\\\"\"\n",
            "c.chat": "\\start echo\n\\expect \"Hello\"\n",
            "d.chat": "\\start receipts\nreceipt 1001\n\\expect file receipt-1001.txt equals a.chat\n",
        ]
        for (name, text) in scripts { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
        let files = try ScriptFiles(paths: [folder, Self.folder + "/echo.yaml", Self.folder + "/receipts.yaml"], filter: nil)
        var outcomes: [ScriptOutcome] = []
        for path in files.paths {
            outcomes.append(try await Self.outcome(of: path, files, CoverageReport()))
        }
        #expect(outcomes.map { $0.problem == nil } == [false, false, true, false])
        #expect(outcomes[0].line.contains("there is no bot 'nobody': looked for"))
        #expect(outcomes[3].line.contains("the file differs from a.chat"))
        let report = JUnitReport(outcomes: outcomes).xml
        #expect(report.contains(#"tests="4" failures="3""#))
        #expect(report.contains("&lt;never&gt; &amp; &quot;ever&quot;"))
    }
}
