import Dispatch
import Synchronization
import Transport

/// On which threads a native module's functions are called.
///
/// Where call() has returned soon for a while, as it is to, on the caller's: a change of threads costs more than most calls. Before that, and after
/// a slow one, on others, and so for every call but one at a time: a module that hangs after all holds up one thread of those that everything else
/// shares, and no second one.
final class CallThreads: Sendable {
    private struct State {
        /// Calls in a row that returned soon.
        var promptCalls = 0
        /// Whether a caller's thread is within the module.
        var isEntered = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "attache.native-module", attributes: .concurrent)
    private let time: any TimeSource

    /// What a call may hold up a thread that others need.
    private static let promptness = Duration.milliseconds(2)
    private static let proof = 50

    init(time: any TimeSource) {
        self.time = time
    }

    func call(_ body: @escaping @Sendable () -> Void) {
        let isDirect = state.withLock { state in
            guard state.promptCalls >= Self.proof, !state.isEntered else { return false }
            state.isEntered = true
            return true
        }
        guard isDirect else { return elsewhere { self.judge(body) } }
        judge(body)
        state.withLock { $0.isEntered = false }
    }

    func elsewhere(_ body: @escaping @Sendable () -> Void) {
        queue.async(execute: body)
    }

    private func judge(_ body: () -> Void) {
        let start = time.uptime
        body()
        let wasPrompt = time.uptime - start <= Self.promptness
        state.withLock { $0.promptCalls = wasPrompt ? $0.promptCalls + 1 : 0 }
    }
}
