import ActionKit
import CAttacheModule
import Dispatch
import Logging
import Synchronization

/// A native module that is loaded: calls go in as bytes and come out as bytes. Nothing protects the host from it.
///
/// It is never released: the module keeps pointers into it.
final class NativeModule: ModuleConnection {
    let listing: ToolListing
    private let module: UnsafeModule
    private let calls: NativeCalls
    /// Modules may compute within call(), so they are called away from the few threads that everything else shares.
    private let queue = DispatchQueue(label: "attache.native-module", attributes: .concurrent)
    let spool: String

    private static let listingLimit = 1 << 20

    /// Loads the library. May block.
    init(_ library: NativeLibrary, options: ModuleOptions, spool: String, logger: Logger) throws(ModuleFailure) {
        let entry = try library.load()
        calls = NativeCalls(logger: logger)
        let host = UnsafeMutablePointer<attache_host_v1>.allocate(capacity: 1)
        host.initialize(to: calls.host)
        module = UnsafeModule(pointer: try entry.module(for: host))
        self.spool = spool
        listing = try module.listing(limit: Self.listingLimit, path: entry.path).allowing(options.tools)
    }

    func result(of call: ModuleCall) async throws -> JSON {
        var params: [String: JSON] = [
            "name": .string(call.action), "arguments": call.arguments, "_meta": [MCP.Meta.context: call.context(spool: spool)],
        ]
        if let continuation = call.continuation {
            params["inputResponses"] = continuation.responses
            if !continuation.state.isNull { params["requestState"] = continuation.state }
        }
        let text = JSON.object(params).serialized()
        let answer = try await calls.run(onProgress: call.onProgress) { [queue, module] id in
            queue.async { module.call(id, text) }
        } onCancel: { [queue, module] id in
            queue.async { module.cancel(id) }
        }
        do {
            return try JSON(parsing: answer)
        } catch {
            throw ModuleFailure.broken("its answer is \(error)")
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
                json = try JSON(parsing: bytes)
            } catch {
                throw .notRunning("\(path): its list of actions is \(error)")
            }
            var listing = ToolListing()
            try listing.append(json)
            return listing
        }
    }
}
