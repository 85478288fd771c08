import ActionKit
import ConnectWire
import FoundationEssentials
package import Logging
package import Participant
import ServiceLifecycle
import Synchronization
package import Transport

/// Serves bots: takes chats in, and runs a session for each until its chat is over.
///
/// Every chat is stored before it is acknowledged, so that one which was accepted is served, if need be after a restart.
package final class BotServer: Service {
    /// As they are served now; a session keeps the one that it began with.
    private let bots: Mutex<[String: Bot]>
    private let store: Store
    private let loader: BotLoader
    private let api: ParticipantAPI
    private let sockets: any WebSocketClient
    private let receive: ParticipantConnection.Receive
    /// For how long after its session's end a spooled file is kept.
    private let keepFiles: Duration
    private let trace: Session.Trace?
    private let logger: Logger

    private let arrivals: AsyncStream<SessionRecord>
    private let queue: AsyncStream<SessionRecord>.Continuation
    private let admission = Mutex(Admission())
    /// For who changes the store while it runs.
    package let running = RunningSessions()

    /// Whether another chat may be stored.
    private struct Admission {
        var isDraining = false
        /// Chats that are being stored, or wait for their session to start.
        var underWay = 0

        static let limit = 10_000

        mutating func begin() throws(Refusal) {
            guard !isDraining else { throw .draining }
            guard underWay < Self.limit else { throw .busy }
            underWay += 1
        }
    }

    package init(
        bots: [Bot],
        store: Store,
        modules: ModuleHost,
        api: ParticipantAPI,
        sockets: any WebSocketClient,
        receive: ParticipantConnection.Receive = .websocket,
        keepFiles: Duration = .zero,
        trace: Session.Trace? = nil,
        logger: Logger
    ) {
        self.bots = Mutex(bots.byName)
        self.store = store
        loader = BotLoader(modules: modules)
        self.api = api
        self.sockets = sockets
        self.receive = receive
        self.keepFiles = keepFiles
        self.trace = trace
        self.logger = logger
        (arrivals, queue) = AsyncStream.makeStream(of: SessionRecord.self, bufferingPolicy: .bufferingOldest(Admission.limit))
    }

    /// Serves other bots from now on. Sessions go on with the bots that they began with.
    package func replace(_ bots: [Bot]) {
        self.bots.withLock { $0 = bots.byName }
    }

    package struct Acceptance: Sendable, Hashable {
        package var session: SessionID
        /// False when the chat had been accepted before.
        package var isNew: Bool
    }

    package enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
        case unknownBot(String, known: [String])
        case draining
        case busy

        package var description: String {
            switch self {
            case .unknownBot(let name, let known):
                "there is no bot '\(name)' here\(nearest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? "")"
            case .draining: "the host is stopping"
            case .busy: "too many chats are waiting to be taken in; try again in a moment"
            }
        }
    }

    /// Takes a chat in, and starts its session.
    /// - Throws: ``Refusal``, or ``StoreError`` when it cannot be stored; then nothing was taken in.
    package func accept(_ arrival: ChatArrival) async throws -> Acceptance {
        try admission.withLock { (admission) throws(Refusal) in try admission.begin() }
        do {
            let (acceptance, record) = try await store(arrival)
            store.crashPoints.pass(.intakeStored)
            // What is stored has been accepted: if the host began to stop meanwhile, the session starts with the next run.
            if acceptance.isNew, case .enqueued = queue.yield(record) { return acceptance }
            finishAdmission()
            return acceptance
        } catch {
            finishAdmission()
            throw error
        }
    }

    private func finishAdmission() {
        admission.withLock { $0.underWay -= 1 }
    }

    /// Why no chats are taken in at the moment; nil when they are.
    package func obstacle() async -> String? {
        if admission.withLock({ $0.isDraining }) { return "stopping" }
        return await store.trouble()?.problem
    }

    /// From now on, chats are refused before anything of them is stored.
    package func drain() {
        admission.withLock { $0.isDraining = true }
    }

    /// Takes one chat in and runs its session to the end, for a program that serves no other.
    package func runOne(_ arrival: ChatArrival) async throws -> SessionEnding {
        let (acceptance, record) = try await store(arrival)
        if acceptance.isNew {
            return try await session(for: record, of: try bot(named: arrival.bot)).run()
        }
        // Joined before, with this store: the session goes on where it was.
        guard let parked = try await store.liveSession(acceptance.session), let bot = try await bot(of: Origin(parked)) else {
            return .chatEnded
        }
        return try await session(for: parked, of: bot).run()
    }

    /// Resumes the sessions of earlier runs, and runs new ones, until it is shut down; then the sessions are parked in the store.
    package func run() async throws {
        try await store.collectSpool(keeping: keepFiles, at: api.time.now)
        let parked = try await sessionsToResume()
        if !parked.isEmpty { logger.info("sessions of an earlier run go on", metadata: ["count": "\(parked.count)"]) }
        defer { drain() }
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await self.sweep() }
                for (origin, records) in Dictionary(grouping: parked, by: Origin.init) {
                    group.addTask { await self.resume(records, from: origin) }
                }
                let resumed = Set(parked.map(\.id))
                for await record in self.arrivals {
                    self.finishAdmission()
                    // A chat that came between the start and the reading of the store is there and here.
                    guard !resumed.contains(record.id), let bot = self.served(record.bot) else { continue }
                    group.addTask { await self.serve(record, with: bot) }
                }
                // Chats that come now are not started any more.
                self.drain()
                group.cancelAll()
            }
        }
        logger.info("sessions are parked")
    }

    /// Removes the files of sessions that ended, from time to time.
    private func sweep() async {
        while (try? await api.time.sleep(for: .seconds(3600))) != nil {
            do {
                try await store.collectSpool(keeping: keepFiles, at: api.time.now)
            } catch {
                logger.warning("the spool was not swept", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// The sessions of earlier runs that are at this endpoint: no other service is shown their tokens.
    private func sessionsToResume() async throws -> [SessionRecord] {
        let all = try await store.liveSessions { [logger] in logger.error("a session stays parked", metadata: ["reason": "\($0)"]) }
        let elsewhere = all.filter { $0.endpoint != api.endpoint }
        if !elsewhere.isEmpty {
            let endpoints = Set(elsewhere.map(\.endpoint.url)).sorted().joined(separator: ", ")
            logger.warning(
                "sessions at other endpoints stay parked",
                metadata: ["count": "\(elsewhere.count)", "endpoints": "\(endpoints)"]
            )
        }
        return all.filter { $0.endpoint == api.endpoint }
    }

    /// What parked sessions began with.
    private struct Origin: Hashable {
        var bot: String
        /// The SHA-256 of its file.
        var definition: String

        init(_ record: SessionRecord) {
            (bot, definition) = (record.bot, record.definition)
        }
    }

    /// Runs parked sessions of one origin. Their bot is loaded once, modules and all.
    private func resume(_ records: [SessionRecord], from origin: Origin) async {
        do {
            guard let bot = try await bot(of: origin) else { return }
            await withDiscardingTaskGroup { group in
                for record in records { group.addTask { await self.serve(record, with: bot) } }
            }
        } catch {
            if Task.isCancelled { return }
            logger.error("sessions stay parked: their bot cannot be loaded", metadata: ["bot": "\(origin.bot)", "reason": "\(error)"])
        }
    }

    /// Runs a session to its end, or until it is parked. One that cannot go on, because the disk is full for example, goes on from the store
    /// after a while.
    private func serve(_ record: SessionRecord, with bot: Bot) async {
        let backoff = Backoff(base: .seconds(2), cap: .seconds(60))
        let id = record.id
        var record: SessionRecord? = record
        for attempt in 1... {
            do {
                if record == nil { record = try await store.liveSession(id) }
                guard let current = record else { return }
                _ = try await session(for: current, of: bot).run()
                return
            } catch is SessionReload {
                record = nil
                continue
            } catch let error as StoreError where error.code == .damagedSession {
                // It would be the same the next time.
                return logger.error("a session stays parked", metadata: ["session": "\(id)", "reason": "\(error)"])
            } catch {
                if Task.isCancelled { return }
                logger.error("a session stopped; it is tried again", metadata: ["session": "\(id)", "reason": "\(error)"])
            }
            record = nil
            guard (try? await api.time.sleep(for: backoff.delay(attempt: attempt))) != nil else { return }
        }
    }

    private func store(_ arrival: ChatArrival) async throws -> (Acceptance, SessionRecord) {
        let bot = try bot(named: arrival.bot)
        let id = store.sessionID(endpoint: api.endpoint, participantID: arrival.participantID, token: arrival.participantToken)
        let record = SessionRecord(
            id: id,
            bot: bot.name,
            definition: bot.sha256,
            endpoint: api.endpoint,
            role: arrival.role ?? .customBot,
            participantID: arrival.participantID,
            contactID: arrival.contactID,
            attributes: arrival.attributes ?? [:],
            participantToken: arrival.participantToken,
            credentials: nil,
            hasConnected: false,
            dialogue: DialogueState(),
            createdAt: api.time.now
        )
        let isNew = try await store.insert(record, definition: bot.record)
        return (Acceptance(session: id, isNew: isNew), record)
    }

    private func bot(named name: String) throws -> Bot {
        guard let bot = served(name) else { throw Refusal.unknownBot(name, known: bots.withLock { $0.keys.sorted() }) }
        return bot
    }

    private func served(_ name: String) -> Bot? { bots.withLock { $0[name] } }

    /// The bot that parked sessions go on with: in the words its file had when they began.
    private func bot(of origin: Origin) async throws -> Bot? {
        guard let current = served(origin.bot) else {
            logger.warning("sessions stay parked: their bot is not served", metadata: ["bot": "\(origin.bot)"])
            return nil
        }
        if current.sha256 == origin.definition { return current }
        guard let stored = try await store.definition(origin.definition) else { return nil }
        guard let bot = try await loader.load(text: stored.source, path: stored.path).bot else {
            logger.warning("sessions stay parked: the bot file they began with is no longer valid", metadata: ["bot": "\(origin.bot)"])
            return nil
        }
        return bot
    }

    private func session(for record: SessionRecord, of bot: Bot) -> Session {
        var logger = logger
        logger[metadataKey: "session"] = "\(record.id)"
        logger[metadataKey: "bot"] = "\(bot.name)"
        var api = api
        api.logger = logger
        return Session(
            record: record,
            bot: bot,
            store: store,
            api: api,
            sockets: sockets,
            receive: receive,
            running: running,
            trace: trace,
            logger: logger
        )
    }
}

extension [Bot] {
    fileprivate var byName: [String: Bot] { Dictionary(map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }) }
}
