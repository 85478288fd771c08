import ArgumentParser
import Foundation

/// Make the beginning of an action module that works at once.
struct ModuleNew: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a new action module: a folder with one that works.",
        discussion: """
            A module in C is a library that the host loads; the others are programs that speak MCP. Nothing that is there already is changed.

            Example: attache module new --lang python orders
            """
    )

    @Option(name: .customLong("lang"), help: "What it is written in: swift, python or c.", transform: OptionValue.named)
    var language: ModuleTemplate.Language

    @Option(help: ArgumentHelp("The folder of Attaché's package, which a module in Swift needs.", valueName: "path"))
    var attache: String?

    @Argument(help: "Its name, and that of its folder.")
    var name: String

    func run() throws {
        let template = try ModuleTemplate(language, name: name, checkout: checkout())
        guard !FileManager.default.fileExists(atPath: name) else {
            throw CommandFailure(.usage, "there is a '\(name)' here already, and it stays as it is; take another name, or another folder")
        }
        for file in template.files { try write(file) }
        Terminal.answer(Self.nextSteps(for: template))
    }

    /// The package that this program was built from, if it is still there, unless another one is named.
    private func checkout() throws -> String? {
        if let attache {
            guard Self.hasActionKit(attache) else { throw CommandFailure(.usage, "there is no package with ActionKit in \(attache)") }
            return URL(filePath: attache).standardizedFileURL.path
        }
        let source = URL(filePath: #filePath)
        let checkout = (1...4).reduce(source) { url, _ in url.deletingLastPathComponent() }.path
        return Self.hasActionKit(checkout) ? checkout : nil
    }

    private static func hasActionKit(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/Sources/ActionKit")
    }

    private func write(_ file: ModuleTemplate.File) throws {
        let path = URL(filePath: name).appending(path: file.path)
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: path, options: .withoutOverwriting)
        if file.isExecutable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path) }
    }

    /// What is in the folder, how to build and try it, and what to write into a bot file.
    static func nextSteps(for template: ModuleTemplate) -> String {
        let name = template.name
        let commands = ["cd \(name)"] + [template.build].compactMap(\.self) + ["attache module test \(template.target)"]
        let carrier =
            switch template.language {
            case .c: "{ library: \(name)/lib\(name).so }"
            case .python: "{ mcp: [python3, \(name)/server.py] }"
            case .swift: "{ mcp: [\(name)/\(template.target)] }"
            }
        return """
            made \(template.files.map { "\(name)/\($0.path)" }.joined(separator: ", "))

            Build and test it:
              \(commands.joined(separator: "\n  "))

            In a bot file beside the folder:
              modules:
                \(name): \(carrier)
              ...
                  - \(name).greet: { who: "{{customer.name}}" }
                    as: greeting
            """
    }
}
