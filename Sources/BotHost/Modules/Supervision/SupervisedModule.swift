package import ActionKit
import Foundation
import Logging
import Transport

/// A module of a bot file, started and kept alive. Whatever it does harms its own calls and nothing else.
package final class SupervisedModule: Sendable {
    package let specification: ModuleSpecification
    private let surroundings: Surroundings
    private let status = Watched(Status.starting(failure: nil))
    private let slots: CallSlots
    private let isStopping = Watched(false)
    /// How often somebody asked that a module which rests be started.
    private let nudges = Watched(0)

    /// What all modules of a host share.
    struct Surroundings: Sendable {
        var keeper: ChildKeeper
        /// Where modules leave their files.
        var folder: String
        var environment: [String: String]
        /// Real time, also where chats live on a virtual clock: a module is outside of that.
        var time: any TimeSource
        var logger: Logger
    }

    enum Status: Sendable {
        /// It is being started, perhaps once more after a failure.
        case starting(failure: String?)
        case ready(any ModuleConnection)
        /// It failed too often to be started again soon.
        case resting(reason: String)
        case stopped
    }

    init(_ specification: ModuleSpecification, in surroundings: Surroundings) {
        self.specification = specification
        self.surroundings = surroundings
        slots = CallSlots(specification.options.concurrency)
    }

    package var name: String { specification.name }

    /// What it can do; nil while it is not up.
    package var listing: ToolListing? {
        if case .ready(let connection) = status.value { connection.listing } else { nil }
    }

    /// Where it leaves its files; a place without any while it is not up.
    var spool: String {
        if case .ready(let connection) = status.value { connection.spool } else { "/" }
    }

    /// As a person is told.
    package var state: ModuleState {
        switch status.value {
        case .starting(let failure): ModuleState(name: name, phase: .starting, reason: failure)
        case .ready(let connection): ModuleState(name: name, phase: .ready, actions: connection.listing.names, waiting: slots.waiting)
        case .resting(let reason): ModuleState(name: name, phase: .failed, reason: reason)
        case .stopped: ModuleState(name: name, phase: .stopped)
        }
    }

    /// Returns when it is up, or has failed at least once, or when the time is over.
    package func settle(within limit: Duration? = nil) async throws {
        let isSettled: @Sendable (Status) -> Bool = { status in
            if case .starting(failure: nil) = status { false } else { true }
        }
        guard let limit else {
            _ = try await status.first(where: isSettled)
            return
        }
        do {
            _ = try await surroundings.time.withTimeout(limit) { [status] in try await status.first(where: isSettled) }
        } catch is TimeoutError {
            // It may still come.
        }
    }

    /// Ends it in good order; ``run()`` returns when it is gone.
    package func stop() {
        isStopping.change { $0 = true }
    }

    /// Starts it at once if it rests.
    package func nudge() {
        nudges.change { $0 += 1 }
    }

    // MARK: Calls

    /// - Throws: ``ModuleFailure``, or `CancellationError`; the module is told then that nobody waits.
    func call(_ call: ModuleCall) async throws -> ToolResult {
        try await inTime(call) { call in try await self.slots.withSlot { try await self.perform(call) } }
    }

    /// Makes a call as it is, without a look at its arguments.
    func result(of call: ModuleCall) async throws -> JSON {
        try await inTime(call) { call in
            try await self.slots.withSlot { try await self.onConnection { try await $0.result(of: call) } }
        }
    }

    private func inTime<Value: Sendable>(
        _ call: ModuleCall,
        _ operation: @escaping @Sendable (ModuleCall) async throws -> Value
    ) async throws -> Value {
        let options = specification.options
        let hard = min(call.limit ?? options.hardTimeout, options.hardTimeout)
        let deadline = CallDeadline(soft: options.timeout, hard: hard, time: surroundings.time)
        var call = call
        let onProgress = call.onProgress
        call.onProgress = { text in
            deadline.noteProgress()
            onProgress(text)
        }
        return try await deadline.run { [call] in try await operation(call) }
    }

    /// Calls an action outside of any chat.
    /// - Throws: ``ModuleFailure``, or `CancellationError`.
    package func run(_ action: String, _ arguments: JSON) async throws -> ToolResult {
        try await call(ModuleCall(action: action, arguments: arguments, context: .object([:])))
    }

    private func perform(_ call: ModuleCall) async throws -> ToolResult {
        try await onConnection { connection in
            do {
                return try await self.call(call, on: connection)
            } catch ModuleFailure.crashed(let how) {
                guard self.isRepeatable(call.action, connection.listing), call.continuation == nil else { throw ModuleFailure.crashed(how) }
                return try await self.onConnection { try await self.call(call, on: $0) }
            }
        }
    }

    /// Makes a call when the module is up. One that ended before the call was sent is waited for again.
    private func onConnection<Value>(_ call: (any ModuleConnection) async throws -> Value) async throws -> Value {
        while true {
            do {
                return try await call(connection())
            } catch is ConnectionClosed {
                await Task.yield()
            }
        }
    }

    private func call(_ call: ModuleCall, on connection: any ModuleConnection) async throws -> ToolResult {
        let listing = connection.listing
        guard let tool = listing[call.action] else { throw ModuleFailure.unknownAction(call.action, known: listing.names) }
        var call = call
        do {
            call.arguments = try tool.parameters.prepare(call.arguments)
        } catch {
            throw ModuleFailure.refused("\(error)")
        }
        return try await ToolResult(connection.result(of: call), spool: connection.spool)
    }

    private func connection() async throws -> any ModuleConnection {
        let status = try await status.first { status in
            if case .starting = status { false } else { true }
        }
        switch status {
        case .ready(let connection): return connection
        case .resting(let reason): throw ModuleFailure.notRunning(reason)
        case .starting, .stopped: throw ModuleFailure.notRunning("it was stopped")
        }
    }

    /// Whether it is told the variables of a step: where the bot file trusts it, and in this process, where nothing is hidden from it.
    var isTold: Bool {
        if case .library = specification.kind { true } else { specification.options.isTrusted }
    }

    /// Whether a call that was interrupted may be made again: only a trusted module is believed that it does no harm.
    func isRepeatable(_ action: String) async throws -> Bool {
        guard specification.options.isTrusted else { return false }
        return try await isRepeatable(action, connection().listing)
    }

    private func isRepeatable(_ action: String, _ listing: ToolListing) -> Bool {
        guard specification.options.isTrusted, let tool = listing[action] else { return false }
        return tool.isReadOnly || tool.isIdempotent
    }

    // MARK: Life

    /// Keeps it alive until it is stopped, or the task is cancelled.
    func run() async {
        do {
            let spool = try ModuleSpool(in: surroundings.folder)
            defer { spool.remove() }
            await withDiscardingTaskGroup { group in
                group.addTask { await self.tidy(spool) }
                switch specification.kind {
                case .mcp(let words): await keepAlive(words, spool)
                case .library(let name): await keepLoaded(name, spool)
                }
                group.cancelAll()
            }
        } catch {
            rest(error.reason)
            _ = try? await isStopping.first { $0 }
        }
        status.change { $0 = .stopped }
    }

    private func tidy(_ spool: ModuleSpool) async {
        let time = surroundings.time
        while (try? await time.sleep(for: .seconds(60))) != nil {
            try? await onThread { spool.sweep(now: time.now) }
        }
    }

    private func keepAlive(_ words: [String], _ spool: ModuleSpool) async {
        var health = ModuleHealth()
        var era = specification.options.era
        var nudgesSeen = nudges.value
        while !isOver {
            let ending = await live(words, era, spool)
            if isOver { return }
            if ending.diedWhenProbed, specification.options.era == .auto {
                era = era == .auto ? .legacy : .auto
                // It may only not know the newer protocol.
                if era == .legacy { continue }
            }
            if nudges.value > nudgesSeen { health.forgive() }
            nudgesSeen = nudges.value
            await pause(health.failed(at: surroundings.time.uptime, jitter: .random(in: 0...1)), after: ending.reason)
        }
    }

    private func live(_ words: [String], _ era: ModuleOptions.EraChoice, _ spool: ModuleSpool) async -> MCPProcess.Ending {
        do {
            let (command, secrets) = try specification.command(words, hostEnvironment: surroundings.environment, spool: spool.path)
            let errors = ErrorTail(module: name, secrets: secrets, time: surroundings.time, logger: surroundings.logger)
            let process = MCPProcess(
                module: name,
                command: command,
                options: specification.options,
                keeper: surroundings.keeper,
                spool: spool.path,
                time: surroundings.time,
                errors: errors,
                logger: surroundings.logger
            )
            var ending = await process.live(era: era, isStopping: isStopping) {
                try self.becomeReady($0)
            } onEnd: {
                // Before its calls hear of it, so that one which is made again does not meet it again.
                self.status.change { if case .ready = $0 { $0 = .starting(failure: "it ended") } }
            }
            if !errors.lines.isEmpty { ending.reason += "; it last wrote: " + errors.lines.joined(separator: " | ") }
            return ending
        } catch {
            return MCPProcess.Ending(reason: error.reason)
        }
    }

    private func becomeReady(_ connection: any ModuleConnection) throws(ModuleFailure) {
        let listing = connection.listing
        if let pin = specification.options.pin, pin != listing.digest { throw .drifted(found: listing.digest) }
        status.change { $0 = .ready(connection) }
        surroundings.logger.info(
            "a module is ready",
            metadata: ["module": "\(name)", "actions": "\(listing.names.joined(separator: ", "))"]
        )
    }

    private var isOver: Bool { isStopping.value || Task.isCancelled }

    private func pause(_ verdict: ModuleHealth.Verdict, after reason: String) async {
        let delay: Duration
        switch verdict {
        case .restart(let time):
            delay = time
            status.change { $0 = .starting(failure: reason) }
            surroundings.logger.warning("a module ended; it is started again", metadata: ["module": "\(name)", "reason": "\(reason)"])
        case .rest(let time):
            delay = time
            rest(reason)
        }
        let nudgesSeen = nudges.value
        _ = try? await surroundings.time.withTimeout(delay) { [isStopping, nudges] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await isStopping.first { $0 } }
                group.addTask { try await nudges.first { $0 > nudgesSeen } }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        if case .rest = verdict, !isOver { status.change { $0 = .starting(failure: reason) } }
    }

    private func rest(_ reason: String) {
        status.change { $0 = .resting(reason: reason) }
        surroundings.logger.error("a module is not running", metadata: ["module": "\(name)", "reason": "\(reason)"])
    }

    private func keepLoaded(_ library: String, _ spool: ModuleSpool) async {
        let native = NativeLibrary(
            name: library,
            folder: specification.folder,
            searchPath: NativeLibrary.searchPath(environment: surroundings.environment)
        )
        do {
            let module = try await onThread { [specification, surroundings] () throws(ModuleFailure) in
                var logger = surroundings.logger
                logger[metadataKey: "module"] = "\(specification.name)"
                return try NativeModule(native, options: specification.options, spool: spool.path, logger: logger)
            }
            try becomeReady(module)
            _ = try? await isStopping.first { $0 }
            status.change { $0 = .stopped }
            try await onThread { module.close() }
        } catch {
            rest((error as? ModuleFailure)?.reason ?? "\(error)")
            _ = try? await isStopping.first { $0 }
        }
    }
}

/// How a module is doing, for a person.
package struct ModuleState: Hashable, Sendable {
    package enum Phase: String, Hashable, Sendable {
        case starting
        case ready
        case failed
        case stopped
    }

    package var name: String
    package var phase: Phase
    package var actions: [String]
    /// Calls that wait for their turn.
    package var waiting: Int
    package var reason: String?

    package init(name: String, phase: Phase, actions: [String] = [], waiting: Int = 0, reason: String? = nil) {
        self.name = name
        self.phase = phase
        self.actions = actions
        self.waiting = waiting
        self.reason = reason
    }
}
