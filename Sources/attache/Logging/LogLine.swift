import ConnectWire
import Foundation
import Logging

/// One event of the log as one line of text, whatever is in it.
struct LogLine {
    var time: Date
    var level: Logger.Level
    var label: String
    var message: String
    var metadata: Logger.Metadata

    enum Format: String, CaseIterable {
        case text
        case json
    }

    func text(_ format: Format) -> String {
        switch format {
        case .text: plainText
        case .json: json
        }
    }

    private var plainText: String {
        let fields = metadata.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted("\($0.value)".cutForLog(.value)))" }.joined()
        return "\(Timestamp(time)) \(level.rawValue) \(label): \(Self.escaped(message.cutForLog(.message)))\(fields)"
    }

    private var json: String {
        var fields = metadata.mapValues { "\($0)".cutForLog(.value) }
        fields["time"] = "\(Timestamp(time))"
        fields["level"] = level.rawValue
        fields["logger"] = label
        fields["message"] = message.cutForLog(.message)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(fields)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    private static func quoted(_ value: String) -> String {
        let escaped = escaped(value)
        let isPlain = !escaped.isEmpty && !escaped.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return isPlain ? escaped : "\"" + escaped.replacing("\"", with: "\\\"") + "\""
    }

    /// Line breaks and control characters are written out, so that what a customer types cannot forge a line or steer a terminal.
    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\r": "\\r"
            case "\t": "\\t"
            case _ where scalar.properties.generalCategory == .control: "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
    }
}
