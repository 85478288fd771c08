import ActionKit
import ArgumentParser
import BotHost
import Foundation
import Transport

/// One action of a module, called by hand.
struct ModuleCall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call one action of a module, and print its result as JSON.",
        discussion: """
            Files that the action makes are written into the folder that --files names. Exit code 1 when the action fails.

            Examples: attache module call 'python3 Plugins/orders/server.py' lookup '{"id": "1001"}'
                      attache module call Shout shout '{"text": "hello"}'
            """
    )

    @OptionGroup var target: ModuleTarget

    @Argument(help: "The action.")
    var action: String

    @Argument(help: ArgumentHelp("Its arguments: a JSON object.", valueName: "json"))
    var arguments = "{}"

    @Option(help: ArgumentHelp("Where to put files that it makes.", valueName: "folder"))
    var files: String?

    @Option(
        help: ArgumentHelp("Call it so often, and print how long each call took, in microseconds.", valueName: "count"),
        transform: OptionValue.whole(1...1_000_000)
    )
    var `repeat`: Int? = nil

    func validate() throws {
        guard (try? JSON(parsing: arguments))?.objectValue != nil else {
            throw ValidationError("The arguments are a JSON object: '{\"id\": \"1001\"}'.")
        }
        guard `repeat` ?? 1 > 0 else { throw ValidationError("--repeat takes a number from 1.") }
    }

    func run() async throws {
        let arguments = try JSON(parsing: arguments)
        try await target.withModule { module in
            if let count = `repeat` { return try await measure(module, arguments, count) }
            switch try await result(of: module, arguments) {
            case .question(let inquiry):
                Terminal.answer(JSON.object(["asks": .array(inquiry.prompts.map { .string($0.text) })]).serialized(pretty: true))
            case .done(let value, let made):
                Terminal.answer(value.serialized(pretty: true))
                for file in made { try save(file) }
            }
        }
    }

    private func result(of module: SupervisedModule, _ arguments: JSON) async throws -> ToolResult {
        do {
            return try await module.run(action, arguments)
        } catch let failure as ModuleFailure {
            throw CommandFailure(.failed, "the module '\(module.name)' \(failure)")
        }
    }

    private func save(_ file: MadeFile) throws {
        guard let folder = files else {
            return Terminal.tell("it made the file '\(file.name)' (\(file.contentType)); name --files FOLDER to keep it")
        }
        // The name is the module's: it leads nowhere else.
        let path = folder + "/" + URL(fileURLWithPath: file.name).lastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try PrivateFile.replace(path, with: file.bytes())
        Terminal.tell("wrote \(path)")
    }

    private func measure(_ module: SupervisedModule, _ arguments: JSON, _ count: Int) async throws {
        var times: [JSON] = []
        for _ in 0..<count {
            let start = ContinuousClock.now
            _ = try await result(of: module, arguments)
            let microseconds = start.duration(to: .now) / .microseconds(1)
            times.append(.number(JSONNumber(Int(microseconds.rounded()))))
        }
        Terminal.answer(JSON.object(["microseconds": .array(times)]).serialized())
    }
}
