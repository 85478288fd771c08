import ArgumentParser
import BotHost
import Foundation

/// Look after a store.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Look after a store. No host may have it.",
        subcommands: [Check.self, Rekey.self]
    )

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look the whole store over: database, key, tokens, files.",
            discussion: "The exit code is 1 when something is wrong."
        )

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            _ = try storage.reader()
            let problems = try await storage.openLasting().check()
            for problem in problems { Terminal.answer(problem) }
            guard problems.isEmpty else {
                throw CommandFailure(.failed, "\(problems.count.counted("problem")) in \(storage.lastingFolder)")
            }
            Terminal.answer("all is well in \(storage.lastingFolder)")
        }
    }

    struct Rekey: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Encrypt all tokens with a new key.",
            discussion: """
                A store with a key file gets a new one. Where the key is in ATTACHE_KEY or ATTACHE_KEY_FILE, the new one must be in \
                ATTACHE_NEW_KEY or ATTACHE_NEW_KEY_FILE. It is done whole or not at all, whenever the process dies.
                """
        )

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let environment = ProcessInfo.processInfo.environment
            _ = try storage.reader()
            let (old, new) = try StoreOptions.complaining {
                (try TokenKey.fromEnvironment(environment), try TokenKey.fromEnvironment(environment, prefix: "ATTACHE_NEW_"))
            }
            guard (old == nil) == (new == nil) else {
                let problem =
                    old == nil ? "the store's key is in its key file, which gets a new one" : "the key is not in the store's key file"
                let remedy = old == nil ? "leave ATTACHE_NEW_KEY out" : "set ATTACHE_NEW_KEY or ATTACHE_NEW_KEY_FILE"
                throw ValidationError("\(problem): \(remedy).")
            }
            let count = try await storage.openLasting().changeKey(to: new)
            Terminal.answer(
                "the tokens of \(count.counted("session")) are encrypted with the new key\(new == nil ? "" : "; start the host with it")"
            )
        }
    }
}
