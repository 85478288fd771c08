import ActionKit
import Logging
import Transport

/// A module of a bot file that is a native library.
final class NativeModule: ModuleConnection {
    let listing: ToolListing
    let spool: String
    private let library: OpenLibrary
    private let libraries: NativeLibraries

    /// Opens the library. May block.
    init(
        _ library: NativeLibrary,
        of libraries: NativeLibraries,
        options: ModuleOptions,
        spool: String,
        time: any TimeSource,
        logger: Logger
    ) throws(ModuleFailure) {
        let open = try libraries.open(library, time: time, logger: logger)
        do {
            listing = try open.listing().allowing(options.tools)
        } catch {
            libraries.release(open)
            throw error
        }
        self.library = open
        self.libraries = libraries
        self.spool = spool
    }

    func result(of call: ModuleCall) async throws -> JSON {
        var params: [String: JSON] = [
            "name": .string(call.action), "arguments": call.arguments, "_meta": [MCP.Meta.context: call.context(spool: spool)],
        ]
        if let continuation = call.continuation {
            params["inputResponses"] = continuation.responses
            if !continuation.state.isNull { params["requestState"] = continuation.state }
        }
        let answer = try await library.answer(to: JSON.object(params).serialized(), onProgress: call.onProgress)
        do {
            return try JSON(mending: answer)
        } catch {
            throw ModuleFailure.broken("its answer is \(error)")
        }
    }

    /// No call may come any more. May block.
    func close() {
        libraries.release(library)
    }
}
