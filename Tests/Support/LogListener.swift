package import Logging

/// Hears what is logged, as the test's inbox.
package struct LogListener: LogHandler {
    package struct Line: Hashable, Sendable {
        package var level: Logger.Level
        package var message: String
    }

    private let heard: Inbox<Line>
    package var metadata: Logger.Metadata = [:]
    package var logLevel = Logger.Level.info

    private init(_ heard: Inbox<Line>) {
        self.heard = heard
    }

    /// - Returns: A logger, and where what it logs can be read.
    package static func logger() -> (Logger, heard: Inbox<Line>) {
        let heard = Inbox<Line>()
        return (Logger(label: "test") { _ in LogListener(heard) }, heard)
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        heard.put(Line(level: event.level, message: "\(event.message)"))
    }
}
