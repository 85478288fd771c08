import Synchronization

/// The sessions that run in this process, so that one can be told that the store has changed under it.
package final class RunningSessions: Sendable {
    private let inboxes = Mutex<[SessionID: SessionInbox]>([:])

    package init() {}

    func add(_ id: SessionID, _ inbox: SessionInbox) {
        inboxes.withLock { $0[id] = inbox }
    }

    func remove(_ id: SessionID) {
        inboxes.withLock { _ = $0.removeValue(forKey: id) }
    }

    /// Has a session go on from the store, or stop where that has it no more. Returns when it has been told.
    func reload(_ id: SessionID) async {
        await inboxes.withLock { $0[id] }?.send(.broken(SessionReload()))
    }
}

/// The session's rows have been changed from outside; what it has in memory is void.
struct SessionReload: Error, CustomStringConvertible {
    var description: String { "the session was changed by an operator" }
}
