import ArgumentParser
import BotHost
import Foundation
import Participant
import Transport

/// Where the state is kept.
struct StoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder of the store. [ATTACHE_STORE]", valueName: "path"))
    var store: String?

    /// The named store, else the one in the user's state directory.
    func openLasting() throws -> Store {
        try open(lastingFolder)
    }

    var lastingFolder: String {
        store ?? Environment["STORE"] ?? UserFolders.state
    }

    /// Runs with the named store, else with a private one that is removed afterwards.
    func withPrivate<Value>(_ body: (Store) async throws -> Value) async throws -> Value {
        if let path = store ?? Environment["STORE"] { return try await body(open(path)) }
        let folder = try ScratchFolder(for: "store")
        defer { folder.remove() }
        return try await body(open(folder.path + "/store"))
    }

    private func open(_ folder: String) throws -> Store {
        try Self.complaining {
            let key = try TokenKey.fromEnvironment(ProcessInfo.processInfo.environment)
            let store = try Store(folder: folder, key: key, crashPoints: crashPoints())
            if let warning = store.warning { Terminal.complain("warning: \(warning)") }
            return store
        }
    }

    /// Runs what uses a store, and turns its errors into the command's.
    static func complaining<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as StoreError {
            throw CommandFailure(.failed, "\(error)")
        } catch let error as TokenKeyError {
            throw CommandFailure(.usage, "\(error)")
        }
    }

    /// `ATTACHE_CRASH_AT`: where the process shall kill itself. For tests of durability.
    private func crashPoints() throws -> CrashPoints {
        guard let text = Environment["CRASH_AT"] else { return .none }
        do {
            return try CrashPoints(parsing: text)
        } catch {
            throw CommandFailure(.usage, "ATTACHE_CRASH_AT: \(error)")
        }
    }
}

/// What is done with a store that a host may have.
extension StoreOptions {
    /// Reads the store, whether a host has it or not.
    func reader() throws -> StoreReader {
        try Self.complaining {
            try StoreReader(folder: lastingFolder) { Terminal.tell("warning: \($0.problem)") }
        }
    }

    /// Whether there is a store with sessions of a contact.
    func has(_ contact: String) async throws -> Bool {
        do {
            return try await !StoreReader(folder: lastingFolder).sessions(named: contact).isEmpty
        } catch let error as StoreError where error.code == .missing {
            return false
        }
    }

    /// Has something done: by the host that has the store, else by this process.
    /// - Throws: ``CommandFailure`` when it is refused.
    func perform(_ request: ControlRequest) async throws {
        // Nothing is made by asking for it.
        _ = try reader()
        switch try await answer(to: request) {
        case .done(let lines): for line in lines { Terminal.answer(line) }
        case .refused(let reason): throw CommandFailure(.failed, reason)
        }
    }

    private func answer(to request: ControlRequest) async throws -> ControlAnswer {
        do {
            let store = try Store(folder: lastingFolder, key: TokenKey.fromEnvironment(ProcessInfo.processInfo.environment))
            return await StoreKeeper(store, now: { Date() }).perform(request)
        } catch let error as StoreError where error.code == .inUse {
            do {
                return try await ControlClient.send(request, toHostOf: lastingFolder)
            } catch let error as StoreError {
                throw CommandFailure(.failed, "\(error)")
            } catch {
                let problem = "the store at \(lastingFolder) is in use, and its host cannot be asked"
                throw CommandFailure(.failed, "\(problem) (\(error)); stop it, or try again")
            }
        } catch {
            return try Self.complaining { throw error }
        }
    }
}
