import ActionKit
import ConnectWire
import Foundation

/// Writes what the REPL tells as one JSON object: the lines of `--json`. ``EventSchema`` describes them.
struct EventJSON {
    let output: ReplOutput

    init(_ output: ReplOutput) {
        self.output = output
    }

    var json: JSON {
        switch output {
        case .item(let shown):
            [
                "event": "item", "number": .number(JSONNumber(shown.number)), "session": .string(shown.session), "own": .bool(shown.isOwn),
                "item": Self.json(shown.item),
            ]
        case .upload(let upload):
            .object(
                [
                    "event": "upload", "session": .string(upload.session), "file": .string(upload.name), "state": .string(upload.state),
                    "sent": .number(JSONNumber(Int(upload.sentBytes))), "size": .number(JSONNumber(Int(upload.size))),
                ].merging(upload.reason.map { ["reason": .string($0)] } ?? [:]) { $1 }
            )
        case .ended(let session, let reason): ["event": "ended", "session": .string(session), "reason": .string(reason)]
        case .answer(let answer): ["event": "answer", "command": .string(answer.command), "value": answer.value]
        case .notice(let text): ["event": "notice", "text": .string(text)]
        case .problem(let problem):
            .object(
                [
                    "event": "error", "message": .string(problem.message), "detail": .array(problem.detail.map(JSON.string)),
                    "status": .number(JSONNumber(Int(problem.status.rawValue))),
                ].merging(
                    problem.place.map { ["file": .string($0.file), "line": .number(JSONNumber($0.line))] } ?? [:]
                ) { $1 }
            )
        case .line(let line): ["event": "line", "line": .string(line)]
        case .done(let line, let duration, _):
            [
                "event": "done", "line": .string(line),
                "milliseconds": .number(JSONNumber(Int((duration / .milliseconds(1)).rounded()))),
            ]
        }
    }

    /// The item as the service wrote it, as far as it is known.
    static func json(_ item: Item) -> JSON {
        guard let data = try? JSONEncoder().encode(item), let json = try? JSON(parsing: data) else { return .null }
        return json
    }
}
