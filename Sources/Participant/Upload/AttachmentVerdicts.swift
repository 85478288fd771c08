package import ConnectWire
import Synchronization
import Transport

/// Where the session leaves what ATTACHMENT items say, and where an upload waits for it.
package final class AttachmentVerdicts: Sendable {
    private struct State {
        /// Verdicts come rarely, and each is read once or never; the oldest goes when there are too many.
        var known: [(id: AttachmentID, status: AttachmentStatus)] = []
        var waiting: [AttachmentID: CheckedContinuation<AttachmentStatus?, Never>] = [:]
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
            let waiter = state.withLock { state in
                state.known.append((id, status))
                if state.known.count > Self.capacity { state.known.removeFirst() }
                return state.waiting.removeValue(forKey: id)
            }
            waiter?.resume(returning: status)
        }
    }

    /// The verdict, as soon as it is known; nil when the task was cancelled first.
    func verdict(for id: AttachmentID) async -> AttachmentStatus? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: AttachmentStatus?? = state.withLock { state in
                    if let known = state.known.last(where: { $0.id == id }) { return .some(known.status) }
                    if Task.isCancelled { return .some(nil) }
                    state.waiting[id] = continuation
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting.removeValue(forKey: id) }
            waiter?.resume(returning: nil)
        }
    }
}
