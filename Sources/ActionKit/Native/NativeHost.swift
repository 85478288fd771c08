import CAttacheModule
import Dispatch
import Synchronization

/// The functions that a host gave to a native module, until it takes them back.
final class NativeHost: Sendable {
    private let functions: Mutex<Functions?>
    /// Entered while a function of the host's runs.
    private let uses = DispatchGroup()

    /// The host says that its functions may be called from any thread, which is all that this promises.
    private struct Functions: @unchecked Sendable {
        let host: attache_host_v1
    }

    init(_ host: attache_host_v1) {
        functions = Mutex(Functions(host: host))
    }

    func finish(_ number: UInt64, _ result: JSON) {
        use { host in result.serialized().withBytes { host.finish?(host.context, number, $0, $1) } }
    }

    func progress(_ number: UInt64, _ text: String?) {
        use { host in
            guard let text else { host.progress?(host.context, number, nil, 0); return }
            text.withBytes { host.progress?(host.context, number, $0, $1) }
        }
    }

    func log(_ level: ActionContext.LogLevel, _ text: String) {
        use { host in text.withBytes { host.log?(host.context, level.rawValue, $0, $1) } }
    }

    /// Returns when none of the functions runs any more, and none will.
    func close() {
        functions.withLock { $0 = nil }
        uses.wait()
    }

    private func use(_ body: (attache_host_v1) -> Void) {
        let functions = functions.withLock { functions in
            if functions != nil { uses.enter() }
            return functions
        }
        guard let functions else { return }
        body(functions.host)
        uses.leave()
    }
}

extension String {
    fileprivate func withBytes(_ body: (UnsafePointer<CChar>?, Int) -> Void) {
        var text = self
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress, $0.count) }
        }
    }
}
