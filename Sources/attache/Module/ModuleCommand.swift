import ArgumentParser

/// Modules, without a chat.
struct ModuleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "module",
        abstract: "Look at modules, call their actions, test them, begin a new one.",
        subcommands: [ModuleList.self, ModuleCall.self, ModuleTest.self, ModuleNew.self]
    )
}
