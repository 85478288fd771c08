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

    /// - Parameter key: The same for every try of this call.
    /// - Parameter onProgress: Told when the action reports progress; must not block.
    func run(
        _ call: ActionCall,
        key: String,
        in session: SessionID,
        onProgress: @escaping @Sendable () -> Void
    ) async throws -> EffectResult {
        do {
            let result: ToolResult
            switch modules.target(call.module, call.action) {
            case .builtIn(let action): result = try await self.run(action, call, key, session, onProgress)
            case .supervised(let module): result = try await self.run(call, on: module, key, session, onProgress)
            case nil: return .failed("there is no action '\(call.name)'", .invalid)
            }
            switch result {
            case .question(let inquiry): return EffectResult(outcome: .asks(inquiry))
            case .done(let value, let made):
                let files = try await spool(made)
                return EffectResult(outcome: .done(Self.value(value, files: files)), files: files)
            }
        } catch let error as ActionError {
            logger.warning("an action failed", metadata: ["action": "\(call.name)", "reason": "\(error.reason)"])
            return .failed(error.message ?? error.reason)
        } catch let failure as ModuleFailure {
            logger.warning("an action failed", metadata: ["action": "\(call.name)", "reason": "the module \(failure)"])
            return EffectResult(outcome: .failed(failure.stepFailure(of: call.module)))
        } catch {
            // What is no fault of the action is the session's to handle.
            if error is StoreError || error is ParticipantError || Task.isCancelled { throw error }
            logger.error("an action failed", metadata: ["action": "\(call.name)", "reason": "\(error)"])
            return .failed("the action '\(call.name)' failed")
        }
    }

    /// Whether a call that may have happened may be made again.
    func isRepeatable(_ call: ActionCall) async throws -> Bool {
        switch modules.target(call.module, call.action) {
        case .builtIn?, nil: return true
        case .supervised(let module):
            do {
                return try await module.isRepeatable(call.action)
            } catch is ModuleFailure {
                return false
            }
        }
    }

    private func run(
        _ action: Action,
        _ call: ActionCall,
        _ key: String,
        _ session: SessionID,
        _ onProgress: @escaping @Sendable () -> Void
    ) async throws -> ToolResult {
        let context = try await context(call, key, session) { _ in onProgress() }
        switch try await action.call(call.parameters.objectValue ?? [:], in: context) {
        case .done(let value, let files): return .done(value: value, files: files.map(MadeFile.init))
        case .question(let question): return .question(Inquiry(question))
        }
    }

    private func run(
        _ call: ActionCall,
        on module: SupervisedModule,
        _ key: String,
        _ session: SessionID,
        _ onProgress: @escaping @Sendable () -> Void
    ) async throws -> ToolResult {
        var call = call
        if !module.isTold { call.variables = [:] }
        let context = try await context(call, key, session)
        let time = connection.api.time
        let request = ModuleCall(
            action: call.action,
            arguments: call.parameters,
            context: context.meta,
            continuation: call.continuation,
            // As the author wrote it, and not what the host's own work has taken of it.
            limit: call.deadline.map { .milliseconds(100 * Int((max(0, $0.timeIntervalSince(time.now)) * 10).rounded(.up))) },
            onProgress: { _ in onProgress() }
        )
        // The module is outside of this program's time.
        return try await time.whileBusy { try await module.call(request) }
    }

    private func context(
        _ call: ActionCall,
        _ key: String,
        _ session: SessionID,
        onProgress: @escaping @Sendable (String?) async -> Void = { _ in }
    ) async throws -> ActionContext {
        let ids = try await store.ids(of: session)
        return ActionContext(
            contact: .init(id: ids.contact?.rawValue, attributes: attributes),
            participant: .init(id: ids.participant?.rawValue, role: role.rawValue, displayName: displayName),
            variables: call.variables,
            idempotencyKey: key,
            answers: call.continuation?.answers,
            state: call.continuation?.state.stringValue,
            now: connection.api.time.now,
            transcript: { try await TranscriptReader(connection).items(limit: .max).map(TranscriptEntry.init) },
            progress: onProgress
        )
    }

    private func spool(_ files: [MadeFile]) async throws -> [UploadFile] {
        var spooled: [UploadFile] = []
        for file in files {
            let (size, sha256) =
                switch file.content {
                case .generated(.bytes(let bytes)): try await store.spool(bytes)
                case .generated(.path(let path)): try await store.spool(fileAt: path)
                case .open(let file): try await store.spool(file)
                }
            spooled.append(UploadFile(name: file.name, contentType: file.contentType, size: size, sha256: sha256))
        }
        return spooled
    }

    /// A step's value: what the action gave, and the handle of its file, so that `as: receipt` serves both `{{receipt.total}}` and `attach`.
    private static func value(_ value: JSON, files: [UploadFile]) -> JSON {
        let members = value.objectValue ?? (value.isNull ? [:] : ["value": value])
        switch files.count {
        case 0: return value
        case 1: return .object(members.merging(files[0].handle) { _, handle in handle })
        default: return .object(members.merging(["files": .array(files.map { .object($0.handle) })]) { _, files in files })
        }
    }
}
