import CAttacheModule
import Logging
import Synchronization

/// The calls of a native module that are not answered yet, and what the module calls back.
final class NativeCalls: Sendable {
    private struct Pending {
        /// Nil until somebody waits.
        var waiter: CheckedContinuation<[UInt8], any Error>?
        var onProgress: @Sendable (String?) -> Void
    }

    private struct State {
        var lastID: UInt64 = 0
        var pending: [UInt64: Pending] = [:]
    }

    private let state = Mutex(State())
    private let logger: Logger

    private static let answerLimit = 8 << 20

    init(logger: Logger) {
        self.logger = logger
    }

    /// What the module is given. It keeps this alive for good.
    var host: attache_host_v1 {
        attache_host_v1(
            abi: UInt32(ATTACHE_MODULE_ABI),
            context: Unmanaged.passRetained(self).toOpaque(),
            finish: { context, call, json, length in NativeCalls.of(context)?.finish(call, bytes(json, length)) },
            progress: { context, call, text, length in
                NativeCalls.of(context)?.progress(call, text.map { String(decoding: bytes($0, length), as: UTF8.self) })
            },
            log: { context, level, text, length in NativeCalls.of(context)?.log(level, String(decoding: bytes(text, length), as: UTF8.self))
            }
        )
    }

    /// Begins a call, and waits for its answer.
    func run(
        onProgress: @escaping @Sendable (String?) -> Void,
        begin: (UInt64) -> Void,
        onCancel: @escaping @Sendable (UInt64) -> Void
    ) async throws -> [UInt8] {
        let id = state.withLock { state in
            state.lastID += 1
            state.pending[state.lastID] = Pending(onProgress: onProgress)
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOpen = state.withLock { state in
                    guard state.pending[id] != nil else { return false }
                    state.pending[id]?.waiter = continuation
                    return true
                }
                guard isOpen else { return continuation.resume(throwing: CancellationError()) }
                begin(id)
            }
        } onCancel: {
            guard let pending = state.withLock({ $0.pending.removeValue(forKey: id) }) else { return }
            guard let waiter = pending.waiter else { return }
            onCancel(id)
            waiter.resume(throwing: CancellationError())
        }
    }

    // MARK: What the module calls, from any thread

    private static func of(_ context: UnsafeMutableRawPointer?) -> NativeCalls? {
        context.map { Unmanaged<NativeCalls>.fromOpaque($0).takeUnretainedValue() }
    }

    private func finish(_ call: UInt64, _ json: UnsafeRawBufferPointer) {
        guard let waiter = state.withLock({ $0.pending.removeValue(forKey: call) })?.waiter else { return }
        guard json.count <= Self.answerLimit else {
            return waiter.resume(throwing: ModuleFailure.broken("its answer is longer than \(Self.answerLimit >> 20) MiB"))
        }
        waiter.resume(returning: Array(json))
    }

    private func progress(_ call: UInt64, _ text: String?) {
        state.withLock { $0.pending[call]?.onProgress }?(text)
    }

    private func log(_ level: Int32, _ text: String) {
        let levels: [Logger.Level] = [.debug, .info, .warning, .error]
        logger.log(level: levels.indices.contains(Int(level)) ? levels[Int(level)] : .info, "\(text.prefix(2000))")
    }
}

private func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
}
