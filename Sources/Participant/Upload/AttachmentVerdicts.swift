package import ConnectWire
import Synchronization

/// Where the session leaves what ATTACHMENT items say, and where an upload waits for it.
package final class AttachmentVerdicts: Sendable {
    private struct Waiter {
        var number: Int
        var attachment: AttachmentID
        var continuation: CheckedContinuation<AttachmentStatus?, Never>
    }

    private struct State {
        /// Verdicts come rarely, and each is read once or never; the oldest goes when there are too many.
        var known: [(id: AttachmentID, status: AttachmentStatus)] = []
        var waiters: [Waiter] = []
        var lastNumber = 0

        mutating func removeWaiters(where isMeant: (Waiter) -> Bool) -> [Waiter] {
            let meant = waiters.filter(isMeant)
            waiters.removeAll(where: isMeant)
            return meant
        }
    }

    private static let capacity = 64
    private let state = Mutex(State())

    package init() {}

    /// Notes the final verdicts of an item.
    package func note(_ item: Item) {
        for attachment in item.attachments ?? [] {
            guard let id = attachment.attachmentID, let status = attachment.status, status == .approved || status == .rejected else {
                continue
            }
            let waiters = state.withLock { state in
                state.known.append((id, status))
                if state.known.count > Self.capacity { state.known.removeFirst() }
                return state.removeWaiters { $0.attachment == id }
            }
            for waiter in waiters { waiter.continuation.resume(returning: status) }
        }
    }

    /// The verdict, if it is known already.
    func known(for id: AttachmentID) -> AttachmentStatus? {
        state.withLock { $0.known.last { $0.id == id }?.status }
    }

    /// The verdict, as soon as it is known; nil when the task was cancelled first.
    func verdict(for id: AttachmentID) async -> AttachmentStatus? {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: AttachmentStatus?? = state.withLock { state in
                    if let known = state.known.last(where: { $0.id == id }) { return .some(known.status) }
                    if Task.isCancelled { return .some(nil) }
                    state.waiters.append(Waiter(number: number, attachment: id, continuation: continuation))
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiters = state.withLock { $0.removeWaiters { $0.number == number } }
            for waiter in waiters { waiter.continuation.resume(returning: nil) }
        }
    }
}
