import ArgumentParser
import Foundation
import Logging

/// What is logged, and how.
struct LoggingOptions: ParsableArguments {
    @Option(help: "trace, debug, info, notice, warning, error or critical. [ATTACHE_LOG_LEVEL]", transform: OptionValue.named)
    var logLevel: Logger.Level? = nil

    @Option(help: "text, or json: one object a line. [ATTACHE_LOG_FORMAT]", transform: OptionValue.named)
    var logFormat: LogLine.Format? = nil

    func validate() throws {
        _ = try (level, format)
    }

    private var level: Logger.Level {
        get throws { try logLevel ?? Environment.value("LOG_LEVEL", OptionValue.named) ?? .info }
    }

    private var format: LogLine.Format {
        get throws { try logFormat ?? Environment.value("LOG_FORMAT", OptionValue.named) ?? .text }
    }

    func logger(_ label: String) throws -> Logger {
        let (level, format) = try (level, format)
        return Logger(label: label) { LineLogHandler(label: $0, level: level, format: format) }
    }
}
