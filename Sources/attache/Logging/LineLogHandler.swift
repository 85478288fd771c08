import Foundation
import Logging

/// Writes one line an event to stderr.
struct LineLogHandler: LogHandler {
    let label: String
    let format: LogLine.Format
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, level: Logger.Level, format: LogLine.Format) {
        self.label = label
        self.format = format
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let line = LogLine(time: Date(), level: event.level, label: label, message: "\(event.message)", metadata: all)
        FileHandle.standardError.write(Data((line.text(format) + "\n").utf8))
    }
}
