import Logging

/// Hands each event of the log on as one line, for a program that draws its own screen.
struct NoticeLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let tell: @Sendable (String) -> Void

    init(level: Logger.Level, _ tell: @escaping @Sendable (String) -> Void) {
        logLevel = level
        self.tell = tell
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let who = (all["who"] ?? all["bot"]).map { "\($0): " } ?? ""
        let rest = all.filter { !["who", "bot", "session"].contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key): " + "\($0.value)".cutForLog(.value) }
        let message = "\(event.message)".cutForLog(.message)
        tell(who + message + (rest.isEmpty ? "" : " (\(rest.joined(separator: ", ")))"))
    }
}
