import Foundation
import Transport

extension ModuleSpecification {
    /// The command of a process in its sandbox; as it is, where the bot file says `sandbox: off`. May block.
    ///
    /// - Parameter keptBack: What no module has.
    /// - Parameter home: As the host's environment has it, which need not be the user's own.
    /// - Returns: And folders that it would have, were they not home, or a whole machine's.
    func sandboxed(
        _ command: ChildCommand,
        spool: String,
        keepingBack keptBack: [String],
        home: String?
    ) -> (command: ChildCommand, refused: [String]) {
        guard options.isSandboxed else { return (command, []) }
        let texts = options.environment.compactMapValues { value in
            if case .text(let text) = value { text } else { nil }
        }
        let made = ModuleSandbox(
            command: command,
            texts: texts,
            botFolder: folder,
            spool: spool,
            keepingBack: keptBack,
            homes: [NSHomeDirectory()] + (home.map { [$0] } ?? [])
        )
        var command = command
        command.sandbox = made.sandbox
        // The folder that all programs share for this is not its own.
        if command.environment["TMPDIR"] == nil { command.environment["TMPDIR"] = spool }
        return (command, made.refused)
    }
}
