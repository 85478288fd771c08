import ActionKit
import BotHost
import ConnectWire
import Foundation
import Logging
import Transport

// What looks closer: raw calls, causes, faults, replays.
extension ReplCommands {
    func raw(_ operation: ConnectWire.Operation, _ body: String) async throws {
        let person = try cast.speaker
        let response = try await person.callRaw(operation, body: body)
        let answer = RedactedAnswer(response.body).json
        show(
            .answer(
                Answer(
                    command: "raw",
                    lines: [
                        "\(operation.method) \(operation.path) \(body.isEmpty ? "{}" : body)", "\(response.status) \(answer.serialized())",
                    ],
                    value: ["status": .number(JSONNumber(response.status)), "body": answer]
                )
            )
        )
        guard (200..<300).contains(response.status) else {
            throw Problem("the service answered \(response.status)")
        }
    }

    func why(_ reference: String) async throws -> Answer {
        guard let host else {
            throw Problem("why an item came is known for bots in this process only: start with 'attache repl --local'")
        }
        let entry = try ledger.find(reference) { $0.type == .message || $0.type == .attachment }
        // The item may be here before the bot knows that it was taken.
        for _ in 1...20 where host.traces.cause(of: entry.item) == nil { try await pace.wait(.milliseconds(25)) }
        guard let cause = host.traces.cause(of: entry.item) else {
            throw Problem("#\(entry.number) was not made by a bot of this process, or that is forgotten")
        }
        let ids = [entry.item.id.rawValue] + (entry.item.attachments ?? []).compactMap { $0.attachmentID?.rawValue }
        return cause.answer(calls: host.calls.calls(about: Set(ids)))
    }

    func faults() async throws -> Answer {
        let json = try JSON(parsing: await service.faults())
        let lines = (json.arrayValue ?? [json]).map { "  \($0.serialized())" }
        return Answer(command: "faults", lines: lines.isEmpty ? ["nothing is set to go wrong"] : lines, value: json)
    }

    /// Plays a script as `attache test` does, on a stage of its own.
    func replay(_ path: String) async throws {
        guard FileManager.default.fileExists(atPath: path) else { throw Problem("there is no file '\(path)'", status: .usage) }
        let files = try ScriptFiles(paths: [path] + (host?.bots.map(\.path) ?? []), filter: nil)
        let logger = Logger(label: "replay") { _ in SwiftLogNoOpLogHandler() }
        let outcome = try await ScriptOutcome(
            running: path,
            bots: files,
            libraries: modules.libraries,
            coverage: CoverageReport(),
            logger: logger
        )
        guard let problem = outcome.problem else {
            show(.answer(Answer(command: "replay", lines: [outcome.line], value: ["passed": true])))
            return
        }
        let lines = problem.split(separator: "\n").map(String.init)
        throw Problem(lines.first ?? problem, detail: Array(lines.dropFirst()), status: .expectation)
    }
}

/// An answer of the service, with what lets its holder act left out.
struct RedactedAnswer {
    let json: JSON

    init(_ body: [UInt8]) {
        json = Self.redacted((try? JSON(mending: body)) ?? .string(String(decoding: body.prefix(2000), as: UTF8.self)), key: "")
    }

    private static func redacted(_ json: JSON, key: String) -> JSON {
        switch json {
        case .object(let members): .object(Dictionary(uniqueKeysWithValues: members.map { ($0, redacted($1, key: $0)) }))
        case .array(let elements): .array(elements.map { redacted($0, key: key) })
        case .string(let text): .string(isSecret(key, text) ? "<redacted>" : text)
        default: json
        }
    }

    /// A page's token opens nothing; anything else of that name does, and so do signed URLs.
    private static func isSecret(_ key: String, _ text: String) -> Bool {
        (key.hasSuffix("Token") && key != "NextToken") || (key.hasSuffix("Url") && text.contains("?"))
            || key.lowercased().hasSuffix("signature")
            || key.lowercased().contains("security-token")
    }
}
