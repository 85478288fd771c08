import ActionKit
import Synchronization

/// The requests of this program that the other side has not answered yet, each with what has come for it.
///
/// Whoever sends a request waits for its next event, and may let go of it for a while: what comes meanwhile is kept.
final class RPCPeer: Sendable {
    /// What can happen to a request.
    enum Event: Sendable {
        case answer(Result<JSON, RPCError>)
        /// Its answer cannot be read; why.
        case unreadable(String)
        /// Of a call that goes on: the other side asks something first, by a request of its own.
        case question(id: JSON, params: JSON)
    }

    fileprivate struct Pending {
        var events: [Event] = []
        var waiter: CheckedContinuation<Event, any Error>?
        /// Whether the other side is told when nobody waits any more; a handshake cannot be called off.
        var isCancellable: Bool
        var onProgress: @Sendable (String?) -> Void
    }

    fileprivate struct State {
        var lastID = 0
        var pending: [Int: Pending] = [:]
        var closed: (any Error)?
    }

    private let state = Mutex(State())
    /// Takes a message for the other side; false when it takes no more.
    private let send: @Sendable (RPCMessage) -> Bool

    init(send: @escaping @Sendable (RPCMessage) -> Bool) {
        self.send = send
    }

    /// Sends a request, and leaves it open until it is answered or abandoned.
    /// - Parameter params: Of the request's number, which is also its progress token.
    /// - Throws: ``ConnectionClosed`` when the other side has gone: nothing was sent.
    func open(
        _ method: String,
        isCancellable: Bool = true,
        onProgress: @escaping @Sendable (String?) -> Void = { _ in },
        params: (Int) -> JSON
    ) throws -> Int {
        let id = try state.withLock { state in
            if state.closed != nil { throw ConnectionClosed() }
            state.lastID += 1
            state.pending[state.lastID] = Pending(isCancellable: isCancellable, onProgress: onProgress)
            return state.lastID
        }
        guard send(.request(id: .number(JSONNumber(id)), method: method, params: params(id))) else {
            _ = state.withLock { $0.pending.removeValue(forKey: id) }
            throw ModuleFailure.notReading
        }
        return id
    }

    /// Sends a request and returns its answer.
    func request(_ method: String, _ params: JSON, isCancellable: Bool = true) async throws -> Result<JSON, RPCError> {
        let id = try open(method, isCancellable: isCancellable) { _ in params }
        switch try await nextEvent(of: id) {
        case .answer(let answer): return answer
        case .unreadable(let problem): throw ModuleFailure.broken(problem)
        case .question: throw ModuleFailure.broken("it asks in the middle of '\(method)'")
        }
    }

    func notify(_ method: String, _ params: JSON = .object([:])) {
        _ = send(.notification(method: method, params: params))
    }

    /// Answers a request of the other side's.
    func answer(_ id: JSON, _ result: JSON) {
        _ = send(.response(id: id, result: result))
    }

    func refuse(_ id: JSON, _ error: RPCError) {
        _ = send(.failure(id: id, error: error))
    }

    /// Waits for what happens to a request next. One task at a time.
    /// - Throws: `CancellationError` when the task is cancelled: the request is then abandoned; why the other side has gone, if it has.
    func nextEvent(of id: Int) async throws -> Event {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: Result<Event, any Error>? = state.withLock { state in
                    guard state.pending[id] != nil else { return .failure(state.closed ?? CancellationError()) }
                    guard let event = state.pending[id]?.events.first else {
                        state.pending[id]?.waiter = continuation
                        return nil
                    }
                    state.take(event, of: id)
                    return .success(event)
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            abandon(id, reason: "nobody waits for it any more")
        }
    }

    /// Tells the other side that a request is not waited for; its answer will be ignored.
    func abandon(_ id: Int, reason: String) {
        guard let pending = state.withLock({ $0.pending.removeValue(forKey: id) }) else { return }
        if pending.isCancellable {
            notify("notifications/cancelled", ["requestId": .number(JSONNumber(id)), "reason": .string(reason)])
        }
        pending.waiter?.resume(throwing: CancellationError())
    }

    // MARK: What arrives

    /// Takes an answer.
    /// - Returns: False for one that belongs to no open request; it is ignored.
    func receive(_ answer: Result<JSON, RPCError>, for id: JSON) -> Bool {
        id.intValue.map { deliver(.answer(answer), to: $0) } ?? false
    }

    /// Takes note of an answer that cannot be read.
    /// - Parameter id: Where it could be told; else it is that of the only open request, if there is one.
    func receiveUnreadable(_ problem: String, for id: Int?) {
        let open = openRequests
        if let id = id ?? (open.count == 1 ? open[0] : nil) { deliver(.unreadable(problem), to: id) }
    }

    /// - Parameter token: The number of the request.
    func receiveProgress(_ token: Int, _ message: String?) {
        state.withLock { $0.pending[token]?.onProgress }?(message)
    }

    /// - Returns: False when there is no such request, so nobody can be asked.
    func receiveQuestion(_ questionID: JSON, _ params: JSON, for id: Int) -> Bool {
        deliver(.question(id: questionID, params: params), to: id)
    }

    /// The requests that are open, by age.
    var openRequests: [Int] { state.withLock { $0.pending.keys.sorted() } }

    /// The other side has gone: nothing is answered any more.
    func close(_ reason: any Error) {
        let waiters = state.withLock { state in
            state.closed = state.closed ?? reason
            defer { state.pending = [:] }
            return state.pending.values.compactMap(\.waiter)
        }
        for waiter in waiters { waiter.resume(throwing: reason) }
    }

    @discardableResult
    private func deliver(_ event: Event, to id: Int) -> Bool {
        let (isKnown, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Event, any Error>?) in
            guard state.pending[id] != nil else { return (false, nil) }
            guard let waiter = state.pending[id]?.waiter.take() else {
                // Of a call that was let go: its answer and one question are all that can come.
                if let count = state.pending[id]?.events.count, count < 2 { state.pending[id]?.events.append(event) }
                return (true, nil)
            }
            state.forgetIfAnswered(event, id)
            return (true, waiter)
        }
        waiter?.resume(returning: event)
        return isKnown
    }
}

extension RPCPeer.State {
    fileprivate mutating func take(_ event: RPCPeer.Event, of id: Int) {
        pending[id]?.events.removeFirst()
        forgetIfAnswered(event, id)
    }

    fileprivate mutating func forgetIfAnswered(_ event: RPCPeer.Event, _ id: Int) {
        switch event {
        case .answer, .unreadable: pending[id] = nil
        case .question: break
        }
    }
}

/// The other side had gone before the request was sent.
struct ConnectionClosed: Error {}
