package import ActionKit
import Logging
import Transport

/// A module of a bot file, started and kept alive. Whatever it does harms its own calls and nothing else.
package final class SupervisedModule: Sendable {
    package let specification: ModuleSpecification
    let surroundings: Surroundings
    let status = Watched(Status.starting(failure: nil))
    private let slots: CallSlots
    let isStopping = Watched(false)
    /// How often somebody asked that a module which rests be started.
    let nudges = Watched(0)

    /// What all modules of a host share.
    struct Surroundings: Sendable {
        var keeper: ChildKeeper
        var libraries: NativeLibraries
        /// Where modules leave their files.
        var folder: ModuleFolder
        /// Files and folders that no module in a sandbox has, though they lie in one that it has.
        var keptBack: [String] = []
        /// Nil where modules are counted by their keepers.
        var groups: ControlGroups?
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
        if case .library = specification.kind { true } else { specification.options.trust == .full }
    }

    /// Whether a call that was interrupted may be made again. Waits until the module is up.
    func isRepeatable(_ action: String) async throws -> Bool {
        guard specification.options.trust != .denied else { return false }
        return try await isRepeatable(action, connection().listing)
    }

    private func isRepeatable(_ action: String, _ listing: ToolListing) -> Bool {
        listing[action]?.isRepeatable(with: specification.options.trust) ?? false
    }
}
