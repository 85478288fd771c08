import CAttacheModule
import Dispatch
import FoundationEssentials
import Glibc

/// Finds and loads the shared library of a native module.
struct NativeLibrary {
    static let symbol = "attache_module_v1"

    /// Its name or path, as the bot file has it.
    let name: String
    /// Of the bot file, which a path is relative to.
    let folder: String
    /// Where names are looked for.
    let searchPath: [String]

    /// Where a library may be that is named without its path: beside the program, then in `ATTACHE_MODULE_PATH`.
    static func searchPath(environment: [String: String]) -> [String] {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        return [program] + (environment["ATTACHE_MODULE_PATH"] ?? "").split(separator: ":").map(String.init)
    }

    /// Loads the library, for good: it cannot be unloaded. Runs its constructors, so it may block.
    func load() throws(ModuleFailure) -> UnsafeEntryPoint {
        let path = try path()
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw wrong(path, "it cannot be loaded: \(String(cString: dlerror()))")
        }
        guard let symbol = dlsym(handle, Self.symbol) else { throw wrong(path, "it does not export that symbol") }
        let library = Handle(bits: UInt(bitPattern: handle))
        return UnsafeEntryPoint(path: path, library: library, function: unsafeBitCast(symbol, to: UnsafeEntryPoint.Function.self))
    }

    var isThere: Bool { (try? path()) != nil }

    private func path() throws(ModuleFailure) -> String {
        if name.contains("/") || name.hasSuffix(".so") {
            // With a slash in any case: without one, the dynamic linker would look in its own folders.
            let path = name.isAbsolutePath || folder == "." && name.contains("/") ? name : "\(folder)/\(name)"
            guard access(path, R_OK) == 0 else { throw .notRunning("there is no library at \(path)") }
            return path
        }
        let candidates = searchPath.map { "\($0)/lib\(name).so" }
        if let found = candidates.first(where: { access($0, R_OK) == 0 }) { return found }
        throw .notRunning(
            "there is no library '\(name)': looked for \(candidates.joined(separator: ", ")); ATTACHE_MODULE_PATH can name more folders"
        )
    }

    /// File, symbol and version, so that it is plain which of them is not as it should be.
    private func wrong(_ path: String, _ problem: String) -> ModuleFailure {
        .notRunning("\(path) is no module with the symbol '\(Self.symbol)' of version \(ATTACHE_MODULE_ABI): \(problem)")
    }

    /// What the system calls a library that is loaded: the same, by whatever path it was found.
    struct Handle: Hashable, Sendable {
        fileprivate let bits: UInt
    }

    /// The function that a module exports.
    struct UnsafeEntryPoint: Sendable {
        typealias Function = @convention(c) (UnsafePointer<attache_host_v1>?) -> UnsafePointer<attache_module_v1_t>?

        let path: String
        let library: Handle
        fileprivate let function: Function

        /// - Parameter host: Must stay where it is until the module was closed.
        func module(for host: UnsafePointer<attache_host_v1>) throws(ModuleFailure) -> UnsafePointer<attache_module_v1_t> {
            guard let module = function(host) else {
                throw .notRunning("\(path): its '\(NativeLibrary.symbol)' refuses a host of version \(ATTACHE_MODULE_ABI)")
            }
            guard module.pointee.abi == UInt32(ATTACHE_MODULE_ABI) else {
                throw .notRunning(
                    "\(path): its '\(NativeLibrary.symbol)' is of version \(module.pointee.abi), and this host of version \(ATTACHE_MODULE_ABI)"
                )
            }
            return module
        }
    }
}
