import Logging
import Transport

/// How a module is kept alive: started, started again after a pause when it fails, and ended in good order.
extension SupervisedModule {
    /// Keeps it alive until it is stopped, or the task is cancelled.
    func run() async {
        do {
            let spool = try ModuleSpool(in: surroundings.folder)
            await withDiscardingTaskGroup { group in
                group.addTask { await self.tidy(spool) }
                switch specification.kind {
                case .mcp(let words): await keepAlive(words, spool)
                case .library(let name): await keepLoaded(name, spool)
                }
                group.cancelAll()
            }
            try? await onThread { spool.remove() }
        } catch {
            rest(error.reason)
            _ = try? await isStopping.first { $0 }
        }
        status.change { $0 = .stopped }
    }

    private func tidy(_ spool: ModuleSpool) async {
        let time = surroundings.time
        while (try? await time.sleep(for: .seconds(60))) != nil {
            try? await onThread { spool.sweep(now: time.now) }
        }
    }

    private func keepAlive(_ words: [String], _ spool: ModuleSpool) async {
        var health = ModuleHealth()
        var era = specification.options.era
        var nudgesSeen = nudges.value
        while !isOver {
            let ending = await live(words, era, spool)
            if isOver { return }
            if ending.diedWhenProbed, specification.options.era == .auto {
                era = era == .auto ? .legacy : .auto
                // It may only not know the newer protocol.
                if era == .legacy { continue }
            }
            if nudges.value > nudgesSeen { health.forgive() }
            nudgesSeen = nudges.value
            await pause(health.failed(at: surroundings.time.uptime, jitter: .random(in: 0...1)), after: ending.reason)
        }
    }

    private func live(_ words: [String], _ era: ModuleOptions.EraChoice, _ spool: ModuleSpool) async -> MCPProcess.Ending {
        do {
            var (command, secrets) = try specification.command(words, hostEnvironment: surroundings.environment, spool: spool.path)
            command = try await sandboxed(command, spool)
            let group = surroundings.groups.flatMap { $0.make(named: "attache-module-\(spool.name)", specification.options.limits) }
            command.group = group
            defer { if let group { surroundings.groups?.remove(group) } }
            let errors = ErrorTail(module: name, secrets: secrets, time: surroundings.time, logger: surroundings.logger)
            let process = MCPProcess(
                module: name,
                command: command,
                options: specification.options,
                keeper: surroundings.keeper,
                spool: spool.path,
                time: surroundings.time,
                errors: errors,
                logger: surroundings.logger
            )
            var ending = await process.live(era: era, isStopping: isStopping) {
                try self.becomeReady($0)
            } onEnd: {
                // Before its calls hear of it, so that one which is made again does not meet it again.
                self.status.change { if case .ready = $0 { $0 = .starting(failure: "it ended") } }
            }
            if !errors.lines.isEmpty { ending.reason += "; it last wrote: " + errors.lines.joined(separator: " | ") }
            return ending
        } catch {
            return MCPProcess.Ending(reason: error.reason)
        }
    }

    /// The command with its sandbox, and word in the log of what is not as one may think.
    private func sandboxed(_ command: ChildCommand, _ spool: ModuleSpool) async throws(ModuleFailure) -> ChildCommand {
        let (keptBack, home) = (surroundings.keptBack, surroundings.environment["HOME"])
        let made = try? await onThread { [specification] in
            specification.sandboxed(command, spool: spool.path, keepingBack: keptBack, home: home)
        }
        guard let made else { throw .notRunning("its sandbox cannot be made: there can be no more threads") }
        if !specification.options.isSandboxed {
            surroundings.logger.warning(
                "a module runs outside of the sandbox, as its bot file says: it has all files that this user has",
                metadata: ["module": "\(name)"]
            )
        } else if let shortcoming = SandboxSupport.ofThisKernel.shortcoming {
            surroundings.logger.warning("\(shortcoming)", metadata: ["module": "\(name)"])
        }
        if !made.refused.isEmpty {
            surroundings.logger.warning(
                "a module does not get folders that hold more than a module's: put it, and its bot, into a folder of their own",
                metadata: ["module": "\(name)", "folders": "\(made.refused.joined(separator: ", "))"]
            )
        }
        return made.command
    }

    private func becomeReady(_ connection: any ModuleConnection) throws(ModuleFailure) {
        let listing = connection.listing
        if let pin = specification.options.pin, pin != listing.digest { throw .drifted(found: listing.digest) }
        status.change { $0 = .ready(connection) }
        surroundings.logger.info(
            "a module is ready",
            metadata: ["module": "\(name)", "actions": "\(listing.names.joined(separator: ", "))"]
        )
    }

    private var isOver: Bool { isStopping.value || Task.isCancelled }

    private func pause(_ verdict: ModuleHealth.Verdict, after reason: String) async {
        let delay: Duration
        switch verdict {
        case .restart(let time):
            delay = time
            status.change { $0 = .starting(failure: reason) }
            surroundings.logger.warning("a module ended; it is started again", metadata: ["module": "\(name)", "reason": "\(reason)"])
        case .rest(let time):
            delay = time
            rest(reason)
        }
        let nudgesSeen = nudges.value
        _ = try? await surroundings.time.withTimeout(delay) { [isStopping, nudges] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await isStopping.first { $0 } }
                group.addTask { try await nudges.first { $0 > nudgesSeen } }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        if case .rest = verdict, !isOver { status.change { $0 = .starting(failure: reason) } }
    }

    private func rest(_ reason: String) {
        status.change { $0 = .resting(reason: reason) }
        surroundings.logger.error("a module is not running", metadata: ["module": "\(name)", "reason": "\(reason)"])
    }

    private func keepLoaded(_ library: String, _ spool: ModuleSpool) async {
        let native = NativeLibrary(
            name: library,
            folder: specification.folder,
            searchPath: NativeLibrary.searchPath(environment: surroundings.environment)
        )
        do {
            let module = try await onThread { [specification, surroundings] () throws(ModuleFailure) in
                var logger = surroundings.logger
                logger[metadataKey: "module"] = "\(specification.name)"
                return try NativeModule(
                    native,
                    of: surroundings.libraries,
                    options: specification.options,
                    spool: spool.path,
                    time: surroundings.time,
                    logger: logger
                )
            }
            do {
                try becomeReady(module)
                _ = try? await isStopping.first { $0 }
                status.change { $0 = .stopped }
            } catch {
                rest(error.reason)
                _ = try? await isStopping.first { $0 }
            }
            try await onThread { module.close() }
        } catch {
            rest((error as? ModuleFailure)?.reason ?? "\(error)")
            _ = try? await isStopping.first { $0 }
        }
    }
}
