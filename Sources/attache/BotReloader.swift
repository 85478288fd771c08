import BotHost
import Logging
import ServiceLifecycle
import UnixSignals

/// Loads the bot files again when the process gets SIGHUP. Files that are not accepted change nothing.
struct BotReloader: Service {
    let paths: [String]
    let files: BotFiles
    let server: BotServer
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) { try await reload() }
        }
    }

    private func reload() async throws {
        let readings = try await files.readAll(paths)
        let diagnostics = readings.flatMap(\.diagnostics)
        for diagnostic in diagnostics { Terminal.tell("\(diagnostic)") }
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            return logger.error("the bot files are not accepted; all goes on as it was")
        }
        let bots = readings.compactMap(\.bot)
        server.replace(bots)
        logger.info("the bot files were loaded again", metadata: ["bots": "\(bots.map(\.name).joined(separator: ", "))"])
    }
}
