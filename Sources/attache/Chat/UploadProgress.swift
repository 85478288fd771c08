import Participant
import Synchronization

/// Joins what the machine of an upload says with what the transport says: the state, and the bytes that were sent in it.
final class UploadProgress: Sendable {
    private struct State {
        var upload: Upload
        var sentBytes: Int64 = 0
    }

    private let state: Mutex<State>
    private let watcher: Person.UploadWatcher

    init(_ upload: Upload, _ watcher: @escaping Person.UploadWatcher) {
        state = Mutex(State(upload: upload))
        self.watcher = watcher
        watcher(upload, 0)
    }

    func moved(to upload: Upload) {
        let bytes = state.withLock { state in
            state.upload = upload
            if upload.state == .planned { state.sentBytes = 0 }
            return state.sentBytes
        }
        watcher(upload, bytes)
    }

    /// Called by the transport's thread.
    func sent(_ bytes: Int64) {
        let upload = state.withLock { state in
            state.sentBytes = bytes
            return state.upload
        }
        watcher(upload, bytes)
    }
}
