import ArgumentParser
import BotHost
import Foundation
import Participant

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
        let folder = NSTemporaryDirectory() + "/attache-" + UUID().uuidString.lowercased()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(open(folder))
    }

    private func open(_ folder: String) throws -> Store {
        do {
            let key = try TokenKey.fromEnvironment(ProcessInfo.processInfo.environment)
            return try Store(folder: folder, key: key, crashPoints: crashPoints())
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
