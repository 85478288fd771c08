import ConnectWire
import FoundationEssentials
import LocalConnect
import Logging
import Participant
import TestSupport
import Testing
import Transport

/// The real client and the real local service, with sockets between them.
struct LocalRig: Sendable {
    let endpoint: Endpoint
    let http: CurlHTTPClient
    let sockets: any WebSocketClient

    func startChat() async throws -> StartChatContactResponse {
        try await control(
            "PUT",
            "/contact/chat",
            StartChatContactRequest(
                instanceID: "instance",
                contactFlowID: "no-bot",
                participantDetails: ParticipantDetails(displayName: "Ada")
            )
        )
    }

    func addBot(to contact: ContactID) async throws -> CreateParticipantResponse {
        try await control(
            "POST",
            "/contact/create-participant",
            CreateParticipantRequest(
                instanceID: "instance",
                contactID: contact,
                participantDetails: ParticipantDetails(displayName: "Bot", participantRole: .customBot)
            )
        )
    }

    /// Makes something go wrong, in the words of the admin API.
    func fault(_ name: String, operation: Operation? = nil, objects: String? = nil, count: Int = 1) async throws {
        var fault: [String: String] = ["fault": "\"\(name)\"", "count": "\(count)"]
        fault["operation"] = (operation?.rawValue ?? objects).map { "\"\($0)\"" }
        try await admin("/local/faults", "{" + fault.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}")
    }

    func refuse(_ operation: Operation, status: Int, count: Int) async throws {
        try await admin("/local/faults", #"{"operation":"\#(operation.rawValue)","status":\#(status),"count":\#(count)}"#)
    }

    func admin(_ path: String, _ body: String) async throws {
        let response = try await http.send(HTTPRequest("POST", endpoint.url + path, body: .bytes(Array(body.utf8))))
        #expect(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    }

    private func control<Response: Decodable>(_ method: String, _ path: String, _ request: some Encodable) async throws -> Response {
        let body = Array(try JSONEncoder().encode(request))
        let response = try await http.send(HTTPRequest(method, endpoint.url + path, body: .bytes(body)))
        try #require(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
        return try JSONDecoder().decode(Response.self, from: Data(response.body))
    }

    /// Runs a participant's live connection for as long as the body runs.
    func with<Value: Sendable>(
        _ token: ParticipantToken,
        pacer: Pacer = .off,
        receive: ParticipantConnection.Receive = .websocket,
        _ body: (LocalParticipant) async throws -> Value
    ) async throws -> Value {
        let api = ParticipantAPI(
            endpoint: endpoint,
            http: http,
            time: SystemTime(),
            pacer: pacer,
            backoff: Backoff(base: .milliseconds(20), cap: .seconds(1)),
            logger: .silent
        )
        let connection = ParticipantConnection(api: api, participantToken: token, receive: receive)
        var settings = LiveConnection.Settings()
        settings.backoff = Backoff(base: .milliseconds(20), cap: .seconds(1))
        settings.pollInterval = .milliseconds(50)
        let participant = LocalParticipant(connection: connection, http: http)
        let live = LiveConnection(connection: connection, sockets: sockets, settings: settings, logger: .silent)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                participant.endings.put(try await live.run { participant.take($0) })
            }
            defer { group.cancelAll() }
            try await participant.isConnected()
            return try await body(participant)
        }
    }
}

/// One participant at work.
struct LocalParticipant: Sendable {
    let connection: ParticipantConnection
    let http: CurlHTTPClient
    let verdicts = AttachmentVerdicts()
    let endings = Inbox<LiveConnection.Ending>()
    private let connections = Inbox<Void>()
    private let items = Inbox<Item>()
    /// All that was delivered.
    let heard = Recorder<Item>()

    func take(_ arrival: LiveConnection.Arrival) {
        let new: [Item]
        switch arrival {
        case .connected(let missed, let isFirst):
            new = missed
            if isFirst { connections.put(()) }
        case .item(let item):
            new = [item]
        }
        for item in new {
            verdicts.note(item)
            heard.append(item)
            items.put(item)
        }
    }

    func isConnected() async throws {
        try await connections.next()
    }

    @discardableResult
    func say(_ text: String) async throws -> ItemID? {
        try await connection.call(SendMessageRequest(contentType: .plainText, content: text, clientToken: .random())).id
    }

    /// Waits for the next item that fits.
    @discardableResult
    func hears(_ fits: (Item) -> Bool) async throws -> Item {
        while true {
            let item = try await items.next()
            if fits(item) { return item }
        }
    }

    /// Every message that was delivered, as often as it was.
    var words: [String] { heard.values.filter { $0.type == .message }.compactMap(\.content) }

    func upload(_ file: TemporaryUpload) async throws -> Upload {
        let uploader = Uploader(connection: connection, verdicts: verdicts, logger: .silent)
        let planned = Upload(
            id: "u",
            file: UploadFile(name: file.name, contentType: "text/plain", size: Int64(file.bytes.count), sha256: "")
        )
        return try await uploader.run(planned, path: file.path) { _ in }
    }

    func download(_ id: AttachmentID) async throws -> [UInt8] {
        let answer = try await connection.call(GetAttachmentRequest(attachmentID: id))
        return try await http.send(HTTPRequest("GET", answer.url?.exposed ?? "")).body
    }
}

/// A file to be sent, with bytes that are never the same.
struct TemporaryUpload {
    let name: String
    let path: String
    let bytes: [UInt8]

    init(name: String = "a.txt", size: Int) throws {
        self.name = name
        var random = SystemRandomNumberGenerator()
        bytes = (0..<size).map { _ in random.next() }
        path = FileManager.default.temporaryDirectory.appending(path: "upload-\(UUID().uuidString)").path()
        try Data(bytes).write(to: URL(filePath: path))
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Runs a local service on a free port.
func withLocalService(rules: ServiceRules = ServiceRules(), _ body: (LocalRig) async throws -> Void) async throws {
    var configuration = LocalConnect.Configuration()
    configuration.rules = rules
    let service = try LocalConnect(configuration: configuration, logger: .silent)
    let http = CurlHTTPClient()
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await service.run() }
        defer { group.cancelAll() }
        let rig = LocalRig(
            endpoint: try Endpoint(parsing: try await service.endpoint),
            http: http,
            sockets: NIOWebSocketClient()
        )
        try await body(rig)
    }
    await http.shutdown()
}
