import ActionKit
import CAttacheModule
import Logging
import Transport

/// A native library that is open: its one module, and the calls that go in as bytes and come out as bytes.
///
/// Nothing protects the host from it. It is never released: the module keeps pointers into it.
final class OpenLibrary: Sendable {
    let id: NativeLibrary.Handle
    private let path: String
    private let module: UnsafeModule
    private let calls: NativeCalls
    private let threads: CallThreads

    private static let listingLimit = 1 << 20

    /// Opens the module. May block.
    init(_ entry: NativeLibrary.UnsafeEntryPoint, time: any TimeSource, logger: Logger) throws(ModuleFailure) {
        id = entry.library
        path = entry.path
        calls = NativeCalls(logger: logger)
        threads = CallThreads(time: time)
        let host = UnsafeMutablePointer<attache_host_v1>.allocate(capacity: 1)
        host.initialize(to: calls.host)
        module = UnsafeModule(pointer: try entry.module(for: host))
    }

    /// What it can do.
    func listing() throws(ModuleFailure) -> ToolListing {
        try module.listing(limit: Self.listingLimit, path: path)
    }

    /// Makes a call, and waits for its answer.
    func answer(to text: String, onProgress: @escaping @Sendable (String?) -> Void) async throws -> [UInt8] {
        try await calls.run(onProgress: onProgress) { [threads, module] id in
            threads.call { module.call(id, text) }
        } onCancel: { [threads, module] id in
            threads.elsewhere { module.cancel(id) }
        }
    }

    /// No call may come any more. May block.
    func close() {
        module.close()
    }

    /// The module's functions, which may be called from any thread; the module lives as long as the process.
    private struct UnsafeModule: @unchecked Sendable {
        let pointer: UnsafePointer<attache_module_v1_t>

        func call(_ id: UInt64, _ text: String) {
            var text = text
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { pointer.pointee.call(pointer.pointee.context, id, $0.baseAddress, $0.count) }
            }
        }

        func cancel(_ id: UInt64) {
            pointer.pointee.cancel(pointer.pointee.context, id)
        }

        func close() {
            pointer.pointee.close(pointer.pointee.context)
        }

        func listing(limit: Int, path: String) throws(ModuleFailure) -> ToolListing {
            guard let tools = pointer.pointee.tools, pointer.pointee.tools_length <= limit else {
                throw .notRunning("\(path): its list of actions is missing, or longer than \(limit >> 20) MiB")
            }
            let bytes = UnsafeRawBufferPointer(start: tools, count: pointer.pointee.tools_length)
            let json: JSON
            do {
                json = try JSON(mending: bytes)
            } catch {
                throw .notRunning("\(path): its list of actions is \(error)")
            }
            var listing = ToolListing()
            try listing.append(json)
            return listing
        }
    }
}
