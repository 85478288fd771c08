import ArgumentParser
import BotHost

/// The contract suite, against a module of any carrier.
struct ModuleTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check that a module keeps to the contract, whatever it is written in.",
        discussion: """
            Every action is called that does not say of itself that it is destructive: run this where that does no harm. Exit code 4 when a \
            check fails.

            Examples: attache module test 'python3 server.py'
                      attache module test ./libGreeter.so
            """
    )

    @OptionGroup var target: ModuleTarget

    func run() async throws {
        let hasPassed = try await target.withModule { module in
            await ModuleContract(module).check { check in
                Terminal.answer("\(check.verdict.mark) \(check.name)")
                for detail in check.details { Terminal.answer("       \(detail)") }
            }
        }
        if !hasPassed { throw CommandFailure(.expectation, "the module does not keep to the contract") }
    }
}

extension ContractCheck.Verdict {
    fileprivate var mark: String {
        switch self {
        case .passed: "ok    "
        case .warned: "warn  "
        case .failed: "FAIL  "
        case .skipped: "skip  "
        }
    }
}
