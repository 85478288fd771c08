import Foundation
import Synchronization

/// The person at the terminal: runs the line editor on a thread of its own, and passes on what is typed.
final class TerminalInput: Sendable {
    let port: EditorPort
    private let startScript: (text: String, path: String)?
    private let history: HistoryFile
    private let marksPastes: Bool
    private let completer: @Sendable (String) -> Completion
    private let ended = Bell()

    /// - Parameter startScript: Lines to be done before any is typed.
    init(
        port: EditorPort,
        history: HistoryFile,
        marksPastes: Bool,
        startScript: (text: String, path: String)?,
        completer: @escaping @Sendable (String) -> Completion
    ) {
        self.port = port
        self.history = history
        self.marksPastes = marksPastes
        self.startScript = startScript
        self.completer = completer
    }

    /// Until the port is closed.
    func run(_ events: ReplEvents) async {
        if let startScript { events.tell(.input(.script(text: startScript.text, path: startScript.path))) }
        let (port, history, marksPastes, completer, ended) = (port, history, marksPastes, completer, ended)
        Thread.detachNewThread {
            LineEditor(port: port, history: history, marksPastes: marksPastes, completer: completer).run()
            ended.ring()
        }
        await ended.wait(after: 0)
    }

    /// Returns when the terminal is as it was before.
    func hasEnded() async {
        await ended.wait(after: 0)
    }
}
