import ActionKit
import ConnectWire
import FoundationEssentials
import Logging
import Participant
import Transport

/// Performs the effects of committed turns, one after the other, until each is known to be done or to have failed.
struct EffectRunner: Sendable {
    let session: SessionID
    let store: Store
    let connection: ParticipantConnection
    /// The bot's own part in the contact.
    let role: ParticipantRole
    let verdicts: AttachmentVerdicts
    let actions: ActionCaller
    let cancellations: EffectCancellations
    let logger: Logger

    enum Command: Sendable {
        /// What the dialogue waits for, it also ends when its time is over.
        case perform(OutboxEffect, isAwaited: Bool)
        /// Once, and no harm done when it fails.
        case typing
    }

    func run(_ commands: AsyncStream<Command>, report: @Sendable (EffectID, EffectResult) async -> Void) async throws {
        for await command in commands {
            switch command {
            case .typing:
                await sendTyping()
            case .perform(let effect, let isAwaited):
                store.crashPoints.pass(.effectSending)
                let result = try await cancellations.run(effect.id) { try await perform(effect, isAwaited: isAwaited) }
                store.crashPoints.pass(.effectAnswered)
                cancellations.forget(effect.id)
                try Task.checkCancellation()
                if let result { await report(effect.id, result) }
            }
        }
    }

    private func perform(_ effect: OutboxEffect, isAwaited: Bool) async throws -> EffectResult {
        do {
            switch effect.kind {
            case .message(let contentType, let content): return try await send(contentType, content, for: effect)
            case .attach(let upload): return try await attach(upload, isAwaited: isAwaited)
            case .leave: return try await leave(effect)
            case .call(let call): return try await self.call(call, for: effect)
            }
        } catch let error as ParticipantError {
            if error.isCancellation { throw CancellationError() }
            logger.warning("an effect failed", metadata: ["place": "\(effect.place)", "reason": "\(error)"])
            return .failed("\(error)", .rejected)
        }
    }

    private func call(_ call: ActionCall, for effect: OutboxEffect) async throws -> EffectResult {
        var call = call
        if effect.isOfEarlierRun {
            guard try await actions.isRepeatable(call) else {
                return .failed("the host was restarted in the middle of '\(call.name)'", .interrupted)
            }
            // While no host was there, the call could not be answered: it has its time again.
            call.deadline = effect.limit.map { connection.api.time.now.addingTimeInterval($0) }
        }
        // Of several signs of progress, one typing event is enough.
        let (progress, source) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        return try await withThrowingTaskGroup(of: EffectResult?.self) { group in
            group.addTask { [call] in try await actions.run(call, key: effect.clientToken.rawValue, in: session) { source.yield() } }
            group.addTask {
                for await _ in progress {
                    await sendTyping()
                    try await connection.api.time.sleep(for: Self.typingInterval)
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    /// The service shows a typing event for some seconds.
    private static let typingInterval = Duration.seconds(5)

    private func sendTyping() async {
        do {
            _ = try await connection.call(SendEventRequest(contentType: .typing, clientToken: .random()))
        } catch {
            logger.debug("a typing event was not sent", metadata: ["reason": "\(error)"])
        }
    }

    // MARK: Messages

    private func send(_ contentType: ContentType, _ content: String, for effect: OutboxEffect) async throws -> EffectResult {
        let request = SendMessageRequest(contentType: contentType, content: content, clientToken: effect.clientToken)
        let id: ItemID? = try await once(effect) { earlierTry in
            if let id = try await earlierTry?.message(like: request) { return id }
            return try await connection.call(request).id
        }
        let value: JSON = id.map { ["id": .string($0.rawValue)] } ?? .null
        return EffectResult(outcome: .done(value), own: id.map(EchoFilter.OwnItem.item))
    }

    // MARK: Files

    private func attach(_ id: String, isAwaited: Bool) async throws -> EffectResult {
        guard let planned = try await store.upload(id) else { return .failed("the upload is no longer in the store") }
        var settings = Uploader.Settings()
        // `within` is the step's. What an operator has sent again has no step, and must not hold up the session for ever.
        if isAwaited { settings.settlingTime = nil }
        let uploader = Uploader(
            connection: connection,
            verdicts: verdicts,
            settings: settings,
            crashPoints: store.crashPoints,
            logger: logger
        )
        let path = store.spool.path(of: planned.file.sha256)
        let upload = try await untilAnswered { _ in
            try await uploader.run(store.upload(id) ?? planned, path: path) { try await store.save($0, at: connection.api.time.now) }
        }
        let own = upload.attachmentID.map(EchoFilter.OwnItem.attachment)
        let reason = upload.reason ?? "the service gave no reason"
        switch upload.state {
        case .approved:
            let metadata: Logger.Metadata = [
                "file": "\(upload.file.name)", "bytes": "\(upload.file.size)", "sha256": "\(upload.file.sha256)",
                "attachment": "\(upload.attachmentID?.rawValue ?? "")",
            ]
            logger.info("file sent", metadata: metadata)
            return EffectResult(outcome: .done(["id": .string(upload.attachmentID?.rawValue ?? "")]), own: own)
        case .rejected:
            return EffectResult(outcome: .failed(reason, .rejected), own: own)
        default:
            return EffectResult(outcome: .failed(reason, .failed), own: own)
        }
    }

    // MARK: Leaving

    private func leave(_ effect: OutboxEffect) async throws -> EffectResult {
        do {
            try await once(effect) { earlierTry in
                if try await earlierTry?.hasLeft() ?? false { return }
                _ = try await connection.call(DisconnectParticipantRequest(clientToken: effect.clientToken))
            }
        } catch let error as ParticipantError where error.reaction(of: .disconnectParticipant) == .renewal(then: .done) {
            // Who may do nothing in the chat any more has left it.
        }
        return EffectResult(outcome: .done(.null))
    }

    // MARK: Trying again

    /// Performs what the service must see once. Within one call, tries are repeated with the same client token; after that, and after a restart, the
    /// service may have forgotten the token, so what an earlier try has left in the transcript is looked for first.
    private func once<Value: Sendable>(
        _ effect: OutboxEffect,
        _ operation: @Sendable (EarlierTry?) async throws -> Value
    ) async throws -> Value {
        let earlierTry = EarlierTry(session: session, store: store, connection: connection, role: role)
        return try await untilAnswered { attempt in
            try await operation(effect.isOfEarlierRun || attempt > 1 ? earlierTry : nil)
        }
    }

    /// Repeats what failed for a reason that passes, for as long as anybody waits for it.
    /// - Parameter operation: Told the number of the attempt, from 1.
    private func untilAnswered<Value: Sendable>(_ operation: @Sendable (Int) async throws -> Value) async throws -> Value {
        let backoff = Backoff(base: .seconds(1), cap: .seconds(30))
        for attempt in 1... {
            do {
                return try await operation(attempt)
            } catch let error as ParticipantError where error.isRetryable {
                logger.warning("the service cannot be reached; trying again", metadata: ["reason": "\(error)"])
                try await connection.api.time.sleep(for: backoff.delay(attempt: attempt))
            }
        }
        throw CancellationError()
    }
}
