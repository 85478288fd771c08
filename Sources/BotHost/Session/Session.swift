import ConnectWire
import FoundationEssentials
import Logging
import Participant
import Transport

/// One bot's part in one contact: items in, the dialogue, effects out.
///
/// Three children run side by side: the connection that receives, the runner that performs effects, and the turns between them, which alone
/// change anything.
package struct Session: Sendable {
    let record: SessionRecord
    let bot: Bot
    let store: Store
    let api: ParticipantAPI
    let sockets: any WebSocketClient
    let receive: ParticipantConnection.Receive
    let running: RunningSessions
    /// Told of every turn and every effect's end.
    let trace: Trace?
    let logger: Logger

    package typealias Trace = @Sendable (_ session: SessionID, _ bot: Bot, _ event: TraceEvent) -> Void

    /// Runs until the chat is over for the bot, and notes the ending in the store.
    /// - Throws: `CancellationError` when it is parked: it goes on from the store at the next start. ``StoreError`` when it cannot be stored,
    ///   or what was stored is of no use.
    package func run() async throws -> SessionEnding {
        let dialogue = Dialogue(definition: bot.definition, role: record.role)
        do {
            try dialogue.check(record.dialogue)
        } catch {
            throw StoreError.damaged(record.id, "the dialogue", because: error, path: store.folder)
        }
        let connection = ParticipantConnection(
            api: api,
            participantToken: record.participantToken,
            receive: receive,
            stored: record.credentials,
            crashPoints: store.crashPoints,
            store: { [store, id = record.id] in try await store.saveCredentials($0, of: id) }
        )
        let live = LiveConnection(
            connection: connection,
            sockets: sockets,
            seen: try await store.seenItems(of: record.id),
            hasConnected: record.hasConnected,
            logger: logger
        )
        let verdicts = AttachmentVerdicts()
        let cancellations = EffectCancellations()
        let runner = EffectRunner(
            session: record.id,
            store: store,
            connection: connection,
            role: record.role,
            verdicts: verdicts,
            actions: ActionCaller(
                modules: bot.modules,
                store: store,
                connection: connection,
                attributes: record.attributes,
                role: record.role,
                displayName: bot.definition.displayName ?? bot.name,
                logger: logger
            ),
            cancellations: cancellations,
            logger: logger
        )
        // The dialogue waits for each effect but typing, so few are ever under way.
        let (commands, queue) = AsyncStream.makeStream(of: EffectRunner.Command.self, bufferingPolicy: .bufferingOldest(1024))
        let inbox = SessionInbox()
        running.add(record.id, inbox)
        defer {
            running.remove(record.id)
            inbox.finish()
        }
        let gate = ArrivalGate()
        var turns = SessionTurns(
            session: self,
            dialogue: dialogue,
            verdicts: verdicts,
            cancellations: cancellations,
            gate: gate,
            commands: queue
        )
        try await turns.resume(await store.openEffects(of: record.id))

        let ending = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await Self.reporting(to: inbox) { await inbox.send(.over(try await Self.receive(from: live, through: gate, into: inbox))) }
            }
            group.addTask {
                await Self.reporting(to: inbox) { try await runner.run(commands) { await inbox.send(.outcome($0, $1)) } }
            }
            defer { group.cancelAll() }
            return try await turns.run(inbox)
        }
        try await store.end(record.id, ending: ending.description, at: api.time.now)
        store.crashPoints.pass(.sessionEnded)
        logger.info("session ended", metadata: ["reason": "\(ending)"])
        return ending
    }

    private static func receive(
        from live: LiveConnection,
        through gate: ArrivalGate,
        into inbox: SessionInbox
    ) async throws -> SessionEnding {
        let ending = try await live.run { arrival in
            await gate.pass()
            await inbox.send(.arrival(arrival))
        }
        return switch ending {
        case .chatEnded: .chatEnded
        case .refused(let error): .refused(error.fault?.message ?? "\(error)")
        case .accessLost: .accessLost
        case .outlived: .outlived
        }
    }

    private static func reporting(to inbox: SessionInbox, _ work: () async throws -> Void) async {
        do {
            try await work()
        } catch {
            // A cancelled session is being parked, or has ended; nobody reads its inbox.
            if !Task.isCancelled { await inbox.send(.broken(error)) }
        }
    }
}
