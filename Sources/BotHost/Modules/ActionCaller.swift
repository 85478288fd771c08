import ActionKit
import ConnectWire
import FoundationEssentials
import Logging
import Participant
import Transport

/// Calls the actions of a session's modules, and takes what they make into the spool.
struct ActionCaller: Sendable {
    let modules: ModuleCatalog
    let store: Store
    let connection: ParticipantConnection
    let attributes: [String: String]
    let role: ParticipantRole
    let displayName: String
    let logger: Logger

    func call(_ module: String, _ action: String, _ parameters: JSON, in session: SessionID) async throws -> EffectResult {
        let name = "\(module).\(action)"
        guard let action = modules.action(name) else { return .failed("there is no action '\(name)'", .invalid) }
        do {
            let context = try await context(of: session)
            let result = try await action.call(parameters.objectValue ?? [:], in: context)
            guard case .done(let value, let made) = result else {
                return .failed("the action '\(name)' asks a question, which cannot be put to the customer")
            }
            let files = try await spool(made)
            return EffectResult(outcome: .done(Self.value(value, files: files)), files: files)
        } catch let error as ActionError {
            logger.warning("an action failed", metadata: ["action": "\(name)", "reason": "\(error.reason)"])
            return .failed(error.message ?? error.reason)
        } catch {
            // What is no fault of the action is the session's to handle.
            if error is StoreError || error is ParticipantError || Task.isCancelled { throw error }
            logger.error("an action failed", metadata: ["action": "\(name)", "reason": "\(error)"])
            return .failed("the action '\(name)' failed")
        }
    }

    private func context(of session: SessionID) async throws -> ActionContext {
        let ids = try await store.ids(of: session)
        return ActionContext(
            contact: .init(id: ids.contact?.rawValue, attributes: attributes),
            participant: .init(id: ids.participant?.rawValue, role: role.rawValue, displayName: displayName),
            now: connection.api.time.now,
            transcript: { try await TranscriptReader(connection).items(limit: .max).map(TranscriptEntry.init) }
        )
    }

    private func spool(_ files: [GeneratedFile]) async throws -> [UploadFile] {
        var spooled: [UploadFile] = []
        for file in files {
            let (size, sha256) =
                switch file.content {
                case .bytes(let bytes): try await store.spool(bytes)
                case .path(let path): try await store.spool(fileAt: path)
                }
            spooled.append(UploadFile(name: file.name, contentType: file.contentType, size: size, sha256: sha256))
        }
        return spooled
    }

    /// A step's value: what the action gave, and the handle of its file, so that `as: receipt` serves both `{{receipt.total}}` and `attach`.
    private static func value(_ value: JSON, files: [UploadFile]) -> JSON {
        switch files.count {
        case 0: value
        case 1: .object((value.objectValue ?? [:]).merging(files[0].handle) { _, handle in handle })
        default:
            .object((value.objectValue ?? [:]).merging(["files": .array(files.map { .object($0.handle) })]) { _, files in files })
        }
    }
}

extension UploadFile {
    /// A file as a value of the bot file: what `attach` takes.
    var handle: [String: JSON] {
        ["name": .string(name), "type": .string(contentType), "size": .number(JSONNumber(Int(size))), "sha256": .string(sha256)]
    }

    init?(handle: JSON) {
        guard let name = handle["name"]?.stringValue, let type = handle["type"]?.stringValue, let size = handle["size"]?.intValue,
            let sha256 = handle["sha256"]?.stringValue
        else { return nil }
        self.init(name: name, contentType: type, size: Int64(size), sha256: sha256)
    }
}

extension TranscriptEntry {
    init(_ item: Item) {
        let kind: Kind =
            switch item.type {
            case .message: .message
            case .event: .event
            case .attachment: .attachment
            default: .other(item.type.rawValue)
            }
        self.init(
            id: item.id.rawValue,
            time: item.absoluteTime.date,
            kind: kind,
            role: item.participantRole?.rawValue,
            displayName: item.displayName,
            contentType: item.contentType?.rawValue,
            text: item.content,
            attachments: (item.attachments ?? []).map {
                Attachment(
                    id: $0.attachmentID?.rawValue ?? "",
                    name: $0.attachmentName ?? "",
                    contentType: $0.contentType?.rawValue ?? "",
                    status: $0.status?.rawValue
                )
            }
        )
    }
}
