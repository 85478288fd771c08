import Actions
import BotHost
import Foundation

/// The bots that a command line names.
enum BotFiles {
    static let modules = ModuleCatalog(builtIn: [.documents])

    /// Reads all files, and prints all that is wrong with any of them.
    /// - Throws: ``CommandFailure`` when a file is not accepted; nothing has been started then.
    static func load(_ paths: [String]) throws -> [Bot] {
        var bots: [Bot] = []
        var errors = 0
        for path in paths {
            guard let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) }) else {
                Terminal.complain("\(path): there is no such file, or it is not a text in UTF-8")
                errors += 1
                continue
            }
            let (definition, diagnostics) = BotFile.load(text: text, path: path, actions: modules.actions)
            for diagnostic in diagnostics { Terminal.tell("\(diagnostic)") }
            errors += diagnostics.count { $0.severity == .error }
            if let definition { bots.append(Bot(definition)) }
        }
        for (name, same) in Dictionary(grouping: bots, by: \.name) where same.count > 1 {
            Terminal.complain("\(same.map(\.path).joined(separator: " and ")) are both named '\(name)'; a bot's name must be its own")
            errors += 1
        }
        guard errors == 0 else { throw CommandFailure(.usage, "\(errors) error\(errors == 1 ? "" : "s"); nothing was started") }
        return bots
    }
}
