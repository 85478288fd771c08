package import ActionKit
import Foundation
package import Logging
import Synchronization
package import Transport

/// All modules of a process: the built-in ones, and those of bot files, which are started when a bot needs them and stopped when none does.
package final class ModuleHost: Sendable {
    /// The actions of the built-in modules, by full name.
    package let builtIn: [String: Action]
    /// For other hosts of this process.
    package var libraries: NativeLibraries { surroundings.libraries }
    private let surroundings: SupervisedModule.Surroundings
    private let folder: ModuleFolder
    private let running = Mutex<[ModuleSpecification: Running]>([:])
    private let starting: AsyncStream<SupervisedModule>
    private let queue: AsyncStream<SupervisedModule>.Continuation

    private struct Running {
        let module: SupervisedModule
        var leases = 0
    }

    /// A host without a life of its own: it has the built-in modules alone.
    ///
    /// - Parameter libraries: One for all hosts of a process.
    /// - Parameter folder: Where modules leave their files; nil for a temporary folder.
    /// - Parameter keptBack: Files and folders that no module in a sandbox has: the store, keys, secrets. They need not be there yet.
    /// - Parameter groups: Nil where modules are counted by their keepers.
    /// - Parameter environment: The host's own, out of which a bot file may hand a variable to a module.
    package init(
        builtIn modules: [Module],
        keeper: ChildKeeper = ChildKeeper(),
        libraries: NativeLibraries = NativeLibraries(),
        folder: String? = nil,
        keepingBack keptBack: [String] = [],
        groups: ControlGroups? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "attache.modules")
    ) {
        builtIn = Dictionary(
            modules.flatMap { module in module.actions.map { ("\(module.name).\($0.name)", $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        self.folder = ModuleFolder(folder)
        surroundings = SupervisedModule.Surroundings(
            keeper: keeper,
            libraries: libraries,
            folder: self.folder,
            keptBack: keptBack,
            groups: groups,
            environment: environment,
            time: time,
            logger: logger
        )
        // More than these are not started; a bot file has a handful.
        (starting, queue) = AsyncStream.makeStream(of: SupervisedModule.self, bufferingPolicy: .bufferingOldest(1024))
    }

    /// Runs modules while the body runs; then ends them in good order.
    package func running<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        defer { folder.remove() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await withDiscardingTaskGroup { modules in
                    for await module in self.starting { modules.addTask { await module.run() } }
                }
            }
            defer { stop() }
            return try await body()
        }
    }

    /// Removes the files of hosts that were killed. For a folder in a store, which only this process has, before any module is started.
    package func clearLeftovers() async throws {
        try await onThread { [folder] in folder.clearLeftovers() }
    }

    private func stop() {
        queue.finish()
        for module in running.withLock({ $0.values.map(\.module) }) { module.stop() }
    }

    /// The modules that a bot file names, started where they are not running.
    package func catalog(of references: [ModuleReference], in folder: String) -> ModuleCatalog {
        var leases: [String: ModuleLease] = [:]
        for reference in references { leases[reference.name] = lease(ModuleSpecification(reference, folder: folder)) }
        return ModuleCatalog(builtIn: builtIn, leases: leases)
    }

    /// Whether a native library of this name is where libraries are looked for.
    package static func hasLibrary(named name: String) -> Bool {
        NativeLibrary(name: name, folder: ".", searchPath: NativeLibrary.searchPath(environment: ProcessInfo.processInfo.environment))
            .isThere
    }

    private func lease(_ specification: ModuleSpecification) -> ModuleLease {
        let (module, isNew) = running.withLock { running -> (SupervisedModule, Bool) in
            let known = running[specification]
            let module = known?.module ?? SupervisedModule(specification, in: surroundings)
            running[specification] = Running(module: module, leases: (known?.leases ?? 0) + 1)
            return (module, known == nil)
        }
        if isNew { queue.yield(module) } else { module.nudge() }
        return ModuleLease(module, host: self)
    }

    fileprivate func release(_ module: SupervisedModule) {
        let isUnused = running.withLock { running in
            running[module.specification]?.leases -= 1
            guard running[module.specification]?.leases == 0 else { return false }
            running[module.specification] = nil
            return true
        }
        if isUnused { module.stop() }
    }
}

/// Keeps a module running for as long as somebody holds it.
final class ModuleLease: Sendable {
    let module: SupervisedModule
    private let host: ModuleHost

    fileprivate init(_ module: SupervisedModule, host: ModuleHost) {
        self.module = module
        self.host = host
    }

    deinit {
        host.release(module)
    }
}
