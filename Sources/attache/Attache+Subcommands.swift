import ActionKit
import ArgumentParser

/// Misspelt subcommands: the parser would take them for arguments, and say no more than that there is one too many.
extension Attache {
    /// - Parameter arguments: What follows the program's name.
    /// - Returns: Nil where every subcommand is one.
    static func misspelling(in arguments: [String]) -> String? {
        var command: any ParsableCommand.Type = Attache.self
        var path = [command._commandName]
        for word in arguments {
            let subcommands = command.configuration.subcommands
            if subcommands.isEmpty || word.isEmpty || word.hasPrefix("-") { return nil }
            if path.count == 1, word == help { continue }
            guard let next = subcommands.first(where: { $0._commandName == word }) else {
                return misspelling(of: word, behind: path, known: subcommands.map { $0._commandName } + (path.count == 1 ? [help] : []))
            }
            command = next
            path.append(word)
        }
        return nil
    }

    private static let help = "help"

    private static func misspelling(of word: String, behind path: [String], known: [String]) -> String {
        let meant = nearest(to: word, in: known).map { " Did you mean '\($0)'?" } ?? ""
        return "there is no command '\((path + [word]).joined(separator: " "))'.\(meant) There are: \(known.joined(separator: ", "))."
    }
}
