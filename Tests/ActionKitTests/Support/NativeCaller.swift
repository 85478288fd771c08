import CAttacheModule
import Glibc
import Synchronization
import Testing

@testable import ActionKit

/// A host of one native module, as small as the contract allows.
final class NativeCaller: Sendable {
    /// What the module has told, for the calls that wait for it.
    private struct State {
        var lastCall: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<JSON, Never>] = [:]
        var told: [String] = []
    }

    private struct Functions: @unchecked Sendable {
        let module: attache_module_v1_t
    }

    private let state = Mutex(State())
    private let module = Mutex<Functions?>(nil)

    var told: [String] { state.withLock { $0.told } }

    /// The module's list of tools, as it gave it.
    var tools: JSON {
        get throws {
            let module = try functions
            return try JSON(parsing: UnsafeRawBufferPointer(start: module.tools, count: module.tools_length))
        }
    }

    /// Opens a module by its one function.
    init(_ open: (UnsafeRawPointer?) -> UnsafeRawPointer?) throws {
        let host = UnsafeMutablePointer<attache_host_v1>.allocate(capacity: 1)
        host.initialize(
            to: attache_host_v1(
                abi: UInt32(ATTACHE_MODULE_ABI),
                context: Unmanaged.passRetained(self).toOpaque(),
                finish: { NativeCaller.at($0)?.finish($1, $2, $3) },
                progress: { NativeCaller.at($0)?.tell("progress of \($1): \(NativeCaller.text($2, $3) ?? "nothing")") },
                log: { NativeCaller.at($0)?.tell("log \($1): \(NativeCaller.text($2, $3) ?? "nothing")") }
            )
        )
        let opened = try #require(open(UnsafeRawPointer(host)))
        let functions = Functions(module: opened.assumingMemoryBound(to: attache_module_v1_t.self).pointee)
        module.withLock { $0 = functions }
    }

    /// Opens a library beside the program that runs the tests.
    convenience init(library name: String) throws {
        let program = try #require(Self.program)
        let path = String(program[...(program.lastIndex(of: "/") ?? program.startIndex)]) + "lib\(name).so"
        let library = try #require(dlopen(path, RTLD_NOW | RTLD_LOCAL), "\(path): \(dlerror().map { String(cString: $0) } ?? "")")
        let symbol = try #require(dlsym(library, "attache_module_v1"))
        let open = unsafeBitCast(symbol, to: (@convention(c) (UnsafeRawPointer?) -> UnsafeRawPointer?).self)
        try self.init { open($0) }
    }

    /// The result of a call.
    func call(_ name: String, _ arguments: JSON = [:], meta: JSON = [:]) async throws -> JSON {
        try await call(json: (["name": .string(name), "arguments": arguments, "_meta": meta] as JSON).serialized())
    }

    func call(json: String) async throws -> JSON {
        let module = try functions
        return await withCheckedContinuation { continuation in
            begin(json, module) { $0.waiting[$1] = continuation }
        }
    }

    /// Begins a call whose answer nobody waits for.
    @discardableResult
    func begin(_ name: String) throws -> UInt64 {
        let module = try functions
        return begin((["name": .string(name)] as JSON).serialized(), module) { _, _ in }
    }

    func cancel(_ call: UInt64) throws {
        let module = try functions
        module.cancel(module.context, call)
    }

    func close() throws {
        let module = try functions
        module.close(module.context)
    }

    private var functions: attache_module_v1_t {
        get throws { try #require(module.withLock { $0 }).module }
    }

    @discardableResult
    private func begin(_ json: String, _ module: attache_module_v1_t, _ wait: (inout State, UInt64) -> Void) -> UInt64 {
        let number = state.withLock { state in
            state.lastCall += 1
            wait(&state, state.lastCall)
            return state.lastCall
        }
        let bytes = json.utf8.map(CChar.init(bitPattern:))
        module.call(module.context, number, bytes, bytes.count)
        return number
    }

    private func finish(_ call: UInt64, _ json: UnsafePointer<CChar>?, _ length: Int) {
        let answer = (try? JSON(parsing: UnsafeRawBufferPointer(start: json, count: length))) ?? .null
        let continuation = state.withLock { state in
            if state.waiting[call] == nil { state.told.append("unexpected answer to \(call): \(answer)") }
            return state.waiting.removeValue(forKey: call)
        }
        continuation?.resume(returning: answer)
    }

    private func tell(_ text: String) {
        state.withLock { $0.told.append(text) }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> NativeCaller? {
        context.map { Unmanaged<NativeCaller>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func text(_ bytes: UnsafePointer<CChar>?, _ length: Int) -> String? {
        bytes.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: length), as: UTF8.self) }
    }

    private static var program: String? {
        var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        return length > 0 ? String(decoding: path[..<length], as: UTF8.self) : nil
    }
}
