import ConnectWire
import Glibc
import Synchronization
import Transport

/// The recording of this REPL: kept from its start, and written to a file for as long as somebody wants that.
final class Recording: Sendable {
    private struct State {
        var recorder = Recorder()
        var path: String?
        var writtenLines = 0
        /// Whom the recording is about.
        var contacts: Set<ContactID> = []
        /// Those of them that the index has beside this file.
        var indexed: Set<ContactID> = []
    }

    private let time: any TimeSource
    private let index: RecordingIndex
    private let state = Mutex(State())

    init(time: any TimeSource, index: RecordingIndex = RecordingIndex()) {
        self.time = time
        self.index = index
    }

    var now: Duration { time.uptime }

    func did(_ command: Command, _ text: String, speaker: Person?, began: Duration) {
        state.withLock { state in
            state.recorder.did(command, text, speaker: speaker?.name, bot: speaker?.bot, began: began, at: time.uptime)
            if let contact = speaker?.contactID { state.contacts.insert(contact) }
            write(&state)
        }
    }

    func heard(_ items: [Item], by person: Person) {
        state.withLock { state in
            for item in items { state.recorder.heard(item, by: person.name, isOwn: person.isOwn(item), at: time.uptime) }
            if let contact = person.contactID { state.contacts.insert(contact) }
            write(&state)
        }
    }

    /// - Parameter path: Where to write from now on, beginning with what was so far; nil to end that.
    /// - Returns: What to tell.
    func keep(in path: String?) throws -> String {
        try state.withLock { state in
            guard let path else {
                defer { state.path = nil }
                return state.path.map { "the recording is in \($0); 'attache test \($0)' plays it" } ?? "nothing is being recorded"
            }
            do throws(FileProblem) {
                try PrivateFile.create(path, Array("# Recorded with 'attache repl'.\n".utf8))
            } catch {
                throw error.code == EEXIST ? Problem("there is a file '\(path)' already; record into another") : Problem("\(error)")
            }
            state.path = path
            state.writtenLines = 0
            state.indexed = []
            write(&state)
            return "recording into \(path), \(state.recorder.lines.count) lines so far; \\record off ends it"
        }
    }

    /// A recording that cannot be written to any more ends; what is in its file stays.
    private func write(_ state: inout State) {
        guard let path = state.path, state.writtenLines < state.recorder.lines.count else { return }
        let text = state.recorder.lines[state.writtenLines...].map { $0 + "\n" }.joined()
        do {
            // First of all: what is not known to be of a contact could not be erased with it.
            for contact in state.contacts.subtracting(state.indexed) {
                try index.add(contact, path)
                state.indexed.insert(contact)
            }
            try PrivateFile.append(Array(text.utf8), to: path, makesOne: false)
            state.writtenLines = state.recorder.lines.count
        } catch {
            state.path = nil
        }
    }
}
