import ArgumentParser
import Foundation
import Logging

/// What is logged, and how.
struct LoggingOptions: ParsableArguments {
    @Option(help: "trace, debug, info, notice, warning, error or critical. [ATTACHE_LOG_LEVEL]")
    var logLevel: LogLevel?

    @Option(help: "text, or json: one object a line. [ATTACHE_LOG_FORMAT]")
    var logFormat: LogLine.Format?

    func logger(_ label: String) throws -> Logger {
        let level = try (logLevel ?? Environment.value("LOG_LEVEL"))?.level ?? .info
        let format = try logFormat ?? Environment.value("LOG_FORMAT") ?? .text
        return Logger(label: label) { LineLogHandler(label: $0, level: level, format: format) }
    }
}

/// How much is logged.
struct LogLevel: ExpressibleByArgument {
    let level: Logger.Level

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument.lowercased()) else { return nil }
        self.level = level
    }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
}

extension LogLine.Format: ExpressibleByArgument {}
