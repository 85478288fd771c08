package import ConnectWire
import FoundationEssentials
import Synchronization
package import Transport

/// A participant service that answers as a test says. It is the far side of the wire: a function from requests to answers.
///
/// What a test has not scripted is answered as a service in good health would.
package final class ScriptedService: HTTPClient {
    package enum Answer: Sendable {
        /// As if nothing had been scripted.
        case healthy
        case ok(any Encodable & Sendable)
        /// A 200 with this body.
        case body(String)
        case status(Int, headers: [HTTPHeader] = [], body: String = "")
        case fault(ServiceFault.Kind)
        /// No answer.
        case error(HTTPError.Code)
        /// No answer until the caller gives up.
        case never
        /// The next answer of the queue, after something else.
        case after(@Sendable () async -> Void)
    }

    package struct Call: Sendable {
        /// Nil for requests to the object store.
        package var operation: Operation?
        package var request: HTTPRequest

        package var token: String? { request.headers[Operation.tokenHeader] }

        package func decoded<Request: ParticipantRequest>(_ type: Request.Type = Request.self) throws -> Request {
            guard case .bytes(let bytes) = request.body else { throw HTTPError(.invalidRequest, detail: "no body", request: "") }
            return try JSONDecoder().decode(type, from: Data(bytes))
        }
    }

    private struct State {
        var calls: [Call] = []
        var answers: [Operation?: [Answer]] = [:]
        var transcript: [Item] = []
        var connections = 0
        var attachments = 0
        var items = 0
        var tokenLifetime: Duration? = .seconds(24 * 3600)
        var socketLifetime: Duration? = .seconds(3600)
    }

    private let state = Mutex(State())
    private let time: any TimeSource
    private let arrivals = Inbox<Call>()

    package init(time: any TimeSource) {
        self.time = time
    }

    // MARK: For the test

    /// The next calls of the operation are answered with these, one after the other. Nil means the object store.
    package func answer(_ operation: Operation?, _ answers: Answer...) {
        state.withLock { $0.answers[operation, default: []] += answers }
    }

    package var transcript: [Item] {
        get { state.withLock { $0.transcript } }
        set { state.withLock { $0.transcript = newValue } }
    }

    /// Of the connection tokens from now on; nil for none said.
    package func setLifetimes(token: Duration?, socket: Duration?) {
        state.withLock {
            $0.tokenLifetime = token
            $0.socketLifetime = socket
        }
    }

    /// Every call so far.
    package var calls: [Call] { state.withLock { $0.calls } }

    package func calls(of operation: Operation?) -> [Call] {
        calls.filter { $0.operation == operation }
    }

    /// Waits for the next call of the operation; calls of others are passed over.
    @discardableResult
    package func next(_ operation: Operation?) async throws -> Call {
        while true {
            let call = try await arrivals.next()
            if call.operation == operation { return call }
        }
    }

    // MARK: The wire

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let path = request.url.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
        let operation = Operation.allCases.first { $0.path == path || ($0 == .describeView && path.hasPrefix($0.path)) }
        let call = Call(operation: operation, request: request)
        state.withLock { $0.calls.append(call) }
        arrivals.put(call)
        if Task.isCancelled { throw HTTPError(.cancelled, detail: "cancelled", request: request.description) }
        while true {
            let answer = state.withLock { state in
                state.answers[operation].flatMap { $0.isEmpty ? nil : $0[0] }.map { answer in
                    state.answers[operation]?.removeFirst()
                    return answer
                }
            }
            switch answer {
            case .healthy, nil: return healthyAnswer(to: call)
            case .ok(let value): return ok(value)
            case .body(let text): return HTTPResponse(status: 200, body: Array(text.utf8))
            case .status(let status, let headers, let body): return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
            case .fault(let kind):
                let fault = ServiceFault(kind, message: "scripted")
                return HTTPResponse(
                    status: fault.status,
                    headers: [HTTPHeader(ServiceFault.typeHeader, kind.rawValue), HTTPHeader(ServiceFault.requestIDHeader, "r-1")],
                    body: fault.body
                )
            case .error(let code): throw HTTPError(code, detail: "scripted", request: request.description)
            case .never:
                try? await Inbox<Void>().next()
                throw HTTPError(.cancelled, detail: "cancelled", request: request.description)
            case .after(let work): await work()
            }
        }
    }

    private func ok(_ value: any Encodable) -> HTTPResponse {
        HTTPResponse(status: 200, body: (try? JSONEncoder().encode(value)).map(Array.init) ?? [])
    }

    private func healthyAnswer(to call: Call) -> HTTPResponse {
        switch call.operation {
        case .createParticipantConnection?: ok(connection(call))
        case .sendMessage?, .sendEvent?:
            ok(SendResponse(id: ItemID("sent-\(state.withLock { $0.items += 1; return $0.items })"), absoluteTime: Timestamp(time.now)))
        case .getTranscript?: ok(page(call))
        case .startAttachmentUpload?: ok(place(call))
        case .getAttachment?: ok(GetAttachmentResponse(url: SignedURL("https://store.example/get"), attachmentSizeInBytes: 1))
        default: HTTPResponse(status: 200)
        }
    }

    private func connection(_ call: Call) -> CreateParticipantConnectionResponse {
        let request = try? call.decoded(CreateParticipantConnectionRequest.self)
        return state.withLock { state in
            state.connections += 1
            let now = time.now
            var response = CreateParticipantConnectionResponse(
                connectionCredentials: ConnectionCredentials(
                    connectionToken: ConnectionToken("connection-\(state.connections)"),
                    expiry: state.tokenLifetime.map { Timestamp(now.addingTimeInterval($0 / .seconds(1))) }
                )
            )
            if request?.types?.contains(.websocket) ?? false {
                response.websocket = WebsocketAccess(
                    url: SignedURL("wss://socket.example/\(state.connections)"),
                    connectionExpiry: state.socketLifetime.map { Timestamp(now.addingTimeInterval($0 / .seconds(1))) }
                )
            }
            return response
        }
    }

    /// Backward and descending, as asked for by the one client that there is; the token says how many items were given.
    private func page(_ call: Call) -> GetTranscriptResponse {
        let request = try? call.decoded(GetTranscriptRequest.self)
        let items = transcript.reversed() as [Item]
        let start = request?.nextToken.flatMap(Int.init) ?? 0
        let end = min(items.count, start + (request?.maxResults ?? 10))
        return GetTranscriptResponse(
            initialContactID: "c-1",
            transcript: Array(items[min(start, end)..<end]),
            nextToken: end < items.count ? String(end) : ""
        )
    }

    private func place(_ call: Call) -> StartAttachmentUploadResponse {
        let number = state.withLock { state in
            state.attachments += 1
            return state.attachments
        }
        let request = try? call.decoded(StartAttachmentUploadRequest.self)
        return StartAttachmentUploadResponse(
            attachmentID: AttachmentID("attachment-\(number)"),
            uploadMetadata: UploadMetadata(
                url: SignedURL("https://store.example/put/\(number)?X-Amz-Signature=s"),
                urlExpiry: Timestamp(time.now.addingTimeInterval(300)),
                headersToInclude: [
                    "Content-Type": request?.contentType ?? "",
                    "Content-Length": String(request?.attachmentSizeInBytes ?? 0),
                    "Content-Disposition": #"attachment; filename="56102_file.txt""#,
                    "x-amz-acl": "bucket-owner-full-control",
                    "x-amz-meta-contact_id": "c-1",
                ]
            )
        )
    }
}
