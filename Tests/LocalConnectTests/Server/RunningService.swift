import ConnectWire
import FoundationEssentials
import LocalConnect
import Logging
import TestSupport
import Transport

/// A service on a port of its own, and clients that really connect to it.
struct RunningService: Sendable {
    let endpoint: String
    let http: any HTTPClient
    let sockets: any WebSocketClient

    /// Runs the body beside the service.
    static func with<Value: Sendable>(
        _ configuration: LocalConnect.Configuration = .quick,
        time: any TimeSource = SystemTime(),
        deliver: ChatDelivery? = nil,
        _ body: @escaping @Sendable (RunningService) async throws -> Value
    ) async throws -> Value {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let service = try LocalConnect(configuration: configuration, time: time, logger: logger, deliver: deliver)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            return try await body(RunningService(endpoint: service.endpoint, http: CurlHTTPClient(), sockets: NIOWebSocketClient()))
        }
    }
}

extension RunningService {
    /// With a connection of its own: libcurl itself repeats a request whose kept connection breaks off before the answer begins.
    var fresh: Self {
        Self(endpoint: endpoint, http: CurlHTTPClient(), sockets: sockets)
    }
}

extension LocalConnect.Configuration {
    /// Without quotas and with an instant scanner.
    static var quick: Self {
        var configuration = Self()
        configuration.rules.quotas = .off
        configuration.rules.scan.delay = .zero
        return configuration
    }
}

/// An answer of the service, read.
struct Answer: Sendable {
    var status: Int
    var headers: [HTTPHeader]
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var errorType: String? { headers[ServiceFault.typeHeader] }
}

extension RunningService {
    func send(_ method: String, _ path: String, headers: [HTTPHeader] = [], body: HTTPRequest.Body = .none) async throws -> Answer {
        let url = path.hasPrefix("http://") ? path : endpoint + path
        let response = try await http.send(HTTPRequest(method, url, headers: headers, body: body))
        return Answer(status: response.status, headers: response.headers, body: response.body)
    }

    /// A participant operation with JSON as it is written.
    func call(_ operation: ConnectWire.Operation, token: String?, json: String) async throws -> Answer {
        let bearer = token.map { [HTTPHeader(Operation.tokenHeader, $0)] } ?? []
        return try await send(
            operation.method,
            operation.path,
            headers: bearer + [HTTPHeader("Content-Type", "application/json")],
            body: .bytes(Array(json.utf8))
        )
    }

    func call<Call: ParticipantRequest>(_ request: Call, token: String) async throws -> Call.Response {
        let json = String(decoding: try JSONEncoder().encode(request), as: UTF8.self)
        let answer = try await call(Call.operation, token: token, json: json)
        guard answer.status == 200 else {
            throw ServiceFault(status: answer.status, typeHeader: answer.errorType, requestID: nil, body: answer.body)
        }
        return try JSONDecoder().decode(Call.Response.self, from: Data(answer.body))
    }

    func startChat(
        _ change: (inout StartChatContactRequest) -> Void = { _ in }
    ) async throws -> StartChatContactResponse {
        var request = StartChatContactRequest(
            instanceID: "instance",
            contactFlowID: "flow",
            participantDetails: ParticipantDetails(displayName: "Ada")
        )
        change(&request)
        return try await control("PUT", "/contact/chat", request)
    }

    func addBot(to contact: ContactID, named name: String = "Bot") async throws -> CreateParticipantResponse {
        try await control(
            "POST",
            "/contact/create-participant",
            CreateParticipantRequest(
                instanceID: "instance",
                contactID: contact,
                participantDetails: ParticipantDetails(displayName: name, participantRole: .customBot)
            )
        )
    }

    func control<Response: Decodable>(_ method: String, _ path: String, _ request: some Encodable) async throws -> Response {
        let body = Array(try JSONEncoder().encode(request))
        let answer = try await send(method, path, body: .bytes(body))
        guard answer.status == 200 else {
            throw ServiceFault(status: answer.status, typeHeader: answer.errorType, requestID: nil, body: answer.body)
        }
        return try JSONDecoder().decode(Response.self, from: Data(answer.body))
    }

    /// A connection of both kinds that counts as connected.
    func connect(_ token: ParticipantToken) async throws -> Connection {
        let request = CreateParticipantConnectionRequest(types: [.websocket, .connectionCredentials], connectParticipant: true)
        let response = try await call(request, token: token.exposed)
        guard let credentials = response.connectionCredentials, let websocket = response.websocket else { throw Missing() }
        return Connection(token: credentials.connectionToken.exposed, url: websocket.url.exposed)
    }
}

struct Connection: Sendable {
    let token: String
    let url: String
}

struct Missing: Error {}

extension WebSocket {
    /// The next frame, read.
    func frame() async throws -> ServerFrame {
        guard case .text(let text) = try await receive() else { throw Missing() }
        return try ServerFrame(parsing: text)
    }

    func item() async throws -> Item {
        while true {
            if case .item(let item) = try await frame() { return item }
        }
    }

    func subscribe() async throws {
        try await send(ClientFrame.subscribe(topics: [Topic.chat]).text)
        while true {
            if case .subscription(true, _) = try await frame() { return }
        }
    }
}
