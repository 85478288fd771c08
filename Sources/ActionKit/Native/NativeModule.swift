import FoundationEssentials
import Synchronization

/// A module inside of its host's process: what stands behind the functions that it exports.
final class NativeModule: Sendable {
    /// How many calls run at a time; further ones are refused.
    private static let mostCalls = 64

    private let module: Module
    private let host: NativeHost
    /// A C callback has no task that its calls could be children of. So each call has one of its own, kept here until it is done.
    private let calls = Mutex<[UInt64: RunningCall]>([:])

    private struct RunningCall {
        /// Nil while it has not suspended yet, if it ever does.
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    init(_ module: Module, _ host: NativeHost) {
        self.module = module
        self.host = host
    }

    /// The module that an exported function got as its context.
    static func at(_ context: UnsafeMutableRawPointer?) -> NativeModule? {
        context.map { Unmanaged<NativeModule>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Begins a call, and returns before it is done.
    func begin(_ number: UInt64, _ json: UnsafeRawBufferPointer) {
        do {
            try start(prepare(json), number)
        } catch {
            host.finish(number, ActionError(error.message).toolResult(in: .modern))
        }
    }

    func cancel(_ number: UInt64) {
        calls.withLock { calls in
            calls[number]?.isCancelled = true
            return calls[number]?.task
        }?.cancel()
    }

    /// After it returns, nothing calls the host any more.
    func close() {
        for number in calls.withLock({ Array($0.keys) }) { cancel(number) }
        host.close()
    }

    private func prepare(_ json: UnsafeRawBufferPointer) throws(RPCError) -> PreparedCall {
        do {
            return try PreparedCall(ToolCall(params: JSON(parsing: json)), of: module)
        } catch let error as RPCError {
            throw error
        } catch {
            throw .parse("\(error)")
        }
    }

    private func start(_ call: PreparedCall, _ number: UInt64) throws(RPCError) {
        let isAdmitted = calls.withLock { calls in
            guard calls.count < Self.mostCalls else { return false }
            calls[number] = RunningCall()
            return true
        }
        if !isAdmitted { throw .busy("\(Self.mostCalls) calls are running already; try again when one of them is done") }
        // On the host's thread until it first waits: a change of threads would cost more than most actions take.
        let task = Task.immediate { await perform(call, number) }
        let isCancelled = calls.withLock { calls in
            calls[number]?.task = task
            return calls[number]?.isCancelled ?? false
        }
        if isCancelled { task.cancel() }
    }

    private func perform(_ call: PreparedCall, _ number: UInt64) async {
        let outcome = await call.outcome(
            now: Date(),
            progress: { [host] text in host.progress(number, text) },
            log: { [host] level, text in host.log(level, text) }
        )
        calls.withLock { $0[number] = nil }
        switch outcome {
        case .result(let result): host.finish(number, result.toolResult(in: .modern))
        case .failed(let error): host.finish(number, error.toolResult(in: .modern))
        case .cancelled: break
        }
    }
}
