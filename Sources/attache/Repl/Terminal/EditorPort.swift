import CLinux
import Glibc
import Synchronization

/// Where the thread that edits and everybody else meet: what is to be shown above the line, the prompt, and what was typed.
final class EditorPort: Sendable {
    enum Event: Sendable {
        case line(String)
        case interrupt
        case endOfInput
    }

    struct Work: Sendable {
        /// Lines to draw above the line that is typed.
        var output: [String] = []
        var prompt = ""
        /// One line between the two, drawn over and over.
        var status = ""
        var isResized = false
        /// A command runs.
        var isBusy = false
        var isClosed = false
        /// A secret is asked for with this; what is typed is not shown.
        var secretPrompt: String?
        fileprivate var isNew = false
        fileprivate var leftOut = 0
    }

    private let state = Mutex(Work())
    private let secret = Mutex<CheckedContinuation<String?, Never>?>(nil)
    /// Readable when there is something new.
    let wakeUp: CInt
    private let events: @Sendable (Event) -> Bool

    private static let capacity = 10_000

    /// - Parameter events: Told what was typed; false when no more is taken.
    init(events: @escaping @Sendable (Event) -> Bool) {
        wakeUp = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        self.events = events
    }

    deinit {
        Glibc.close(wakeUp)
    }

    // MARK: For everybody else

    /// Output that nobody can see in time loses its oldest lines, and says so.
    func show(_ text: String) {
        change { work in
            work.output.append(text)
            if work.output.count > Self.capacity {
                work.output.removeFirst()
                work.leftOut += 1
            }
        }
    }

    func set(prompt: String) {
        if state.withLock({ $0.prompt }) != prompt { change { $0.prompt = prompt } }
    }

    func set(status: String) {
        if state.withLock({ $0.status }) != status { change { $0.status = status } }
    }

    /// Nothing is drawn anew for it.
    func set(busy isBusy: Bool) {
        state.withLock { $0.isBusy = isBusy }
    }

    func resize() {
        change { $0.isResized = true }
    }

    func close() {
        change { $0.isClosed = true }
        answer(secret: nil)
    }

    /// Asks for something that is not shown.
    /// - Returns: Nil when it was not given.
    func askForSecret(_ prompt: String) async -> String? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                secret.withLock { $0 = continuation }
                change { $0.secretPrompt = prompt }
            }
        } onCancel: {
            answer(secret: nil)
        }
    }

    private func change(_ change: (inout Work) -> Void) {
        let isNews = state.withLock { work in
            change(&work)
            defer { work.isNew = true }
            return !work.isNew
        }
        if isNews { eventfd_write(wakeUp, 1) }
    }

    // MARK: For the thread that edits

    var hasNews: Bool { state.withLock { $0.isNew } }

    var isBusy: Bool { state.withLock { $0.isBusy } }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    var isAskingForSecret: Bool { state.withLock { $0.secretPrompt != nil } }

    /// Takes what is to be shown; the prompt and the status stay.
    func take() -> Work {
        var count: eventfd_t = 0
        eventfd_read(wakeUp, &count)
        return state.withLock { work in
            var taken = work
            if work.leftOut > 0 { taken.output.insert("-- \(work.leftOut) lines are left out", at: 0) }
            work.output = []
            work.leftOut = 0
            work.isResized = false
            work.isNew = false
            return taken
        }
    }

    func answer(secret text: String?) {
        state.withLock { $0.secretPrompt = nil }
        secret.withLock { $0.take() }?.resume(returning: text)
    }

    /// - Returns: False when no more is taken.
    func tell(_ event: Event) -> Bool { events(event) }
}
