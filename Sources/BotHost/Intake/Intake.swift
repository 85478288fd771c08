import ConnectWire
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import ServiceLifecycle
package import Transport

/// The HTTP door through which chats arrive: a flow's Lambda posts a participant token here.
///
/// `POST /v1/chats` is the contract of the design's section 8; `GET /healthz` says that the process lives, `GET /readyz` that it takes chats.
package struct Intake: Service {
    private let host: BotServer
    private let secret: IntakeSecret
    private let address: (host: String, port: Int)
    private let wrongSecrets: WrongSecrets
    private let logger: Logger
    private let onBound: @Sendable (Int) async -> Void

    /// Bytes of a body that are read.
    private static let bodyLimit = 64 * 1024

    /// - Parameter port: 0 for any that is free; `onBound` is told which.
    package init(
        host: BotServer,
        secret: IntakeSecret,
        address: (host: String, port: Int),
        time: any TimeSource = SystemTime(),
        logger: Logger,
        onBound: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.host = host
        self.secret = secret
        self.address = address
        wrongSecrets = WrongSecrets(time: time, logger: logger)
        self.logger = logger
        self.onBound = onBound
    }

    package func run() async throws {
        let router = Router(context: IntakeContext.self)
        router.get("/healthz") { _, _ in "ok\n" }
        router.get("/readyz") { _, _ in
            let obstacle = await host.obstacle()
            let status: HTTPTypes.HTTPResponse.Status = obstacle == nil ? .ok : .serviceUnavailable
            return Response(status: status, body: .init(byteBuffer: ByteBuffer(string: (obstacle ?? "ready") + "\n")))
        }
        router.post("/v1/chats") { request, context in try await accept(request, from: context.address) }
        let application = Application(
            router: router,
            // A client that has gone silent in the middle of its request would hold up the end of the host.
            server: .http1(configuration: .init(idleTimeout: .seconds(30))),
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { channel in await onBound(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        try await withGracefulShutdownHandler {
            try await application.run()
        } onGracefulShutdown: {
            // Connections that are open already may still ask.
            host.drain()
        }
    }

    private func accept(_ request: Request, from address: String) async throws -> Response {
        guard secret.matches(authorization: request.headers[.authorization]) else {
            guard await wrongSecrets.wait(address) else {
                return Self.answer(.tooManyRequests, ["error": "too many requests with a wrong secret wait for their answer"])
            }
            return Self.answer(.unauthorized, ["error": "the Authorization header must be 'Bearer' and the intake's secret"])
        }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: Self.bodyLimit)
        } catch is NIOTooManyBytesError {
            return Self.answer(.contentTooLarge, ["error": "the body is larger than 64 KiB"])
        } catch {
            return Self.answer(.badRequest, ["error": "the body did not come whole: it broke off, or its chunks are not well formed"])
        }
        let arrival: ChatArrival
        do {
            let bytes = Array(body.readableBytesView)
            try JSONSyntax.check(bytes)
            arrival = try WireJSON.decode(ChatArrival.self, from: bytes)
            try arrival.validate()
        } catch {
            let form = "{bot, contactId, participantId, participantToken, attributes?}"
            return Self.answer(.badRequest, ["error": "the body must be \(form): \(Self.problem(error))"])
        }
        do {
            let acceptance = try await host.accept(arrival)
            return Self.answer(acceptance.isNew ? .accepted : .ok, ["session": acceptance.session.rawValue])
        } catch let refusal as BotServer.Refusal {
            let status: HTTPTypes.HTTPResponse.Status = if case .unknownBot = refusal { .notFound } else { .serviceUnavailable }
            return Self.answer(status, ["error": "\(refusal)"])
        } catch {
            logger.error("a chat was refused", metadata: ["reason": "\(error)"])
            let reason = (error as? StoreError).map { ": \($0.problem)" } ?? ""
            return Self.answer(.serviceUnavailable, ["error": "the chat cannot be stored\(reason)"])
        }
    }

    /// What is wrong with a body, without its values: one of them is a token.
    private static func problem(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
        return switch error {
        case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty,
            DecodingError.valueNotFound(_, let context) where !context.codingPath.isEmpty:
            "'\(place(context))' has the wrong type"
        case let error as ArrivalProblem: error.description
        case let error as JSONSyntaxError: "it is not JSON, \(error)"
        default: "it is no such JSON object"
        }
    }

    private static func answer(_ status: HTTPTypes.HTTPResponse.Status, _ fields: [String: String]) -> Response {
        let text = (try? fields.json()) ?? "{}"
        return Response(
            status: status,
            headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n"))
        )
    }
}

/// A request, and from where it comes.
private struct IntakeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let address: String

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

/// What a caller of the intake must know. It cannot print, and is compared in constant time.
package struct IntakeSecret: Sendable, CustomStringConvertible, CustomReflectable {
    private let code: Data

    /// - Returns: Nil for a text of less than 16 characters, which could be guessed.
    package init?(_ text: String) {
        guard text.count >= 16 else { return nil }
        code = Self.digest(text)
    }

    package var description: String { "<intake secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    func matches(authorization: String?) -> Bool {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
        // Digests of equal length, compared without an early end.
        let other = Self.digest(String(authorization.dropFirst("bearer ".count)))
        return zip(code, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func digest(_ text: String) -> Data {
        Data(SHA256.hash(data: Data(text.utf8)))
    }
}

/// What a chat must not be.
private struct ArrivalProblem: Error {
    var description: String
}

extension ChatArrival {
    /// The lengths that the service's model promises, and nothing that would break a header, a URL or a line.
    fileprivate func validate() throws(ArrivalProblem) {
        try check(participantToken.exposed, isAtMost: 1000, "participantToken")
        if participantToken.exposed.firstUnprintable != nil || participantToken.exposed.contains(" ") {
            throw ArrivalProblem(description: "'participantToken' must be printable ASCII without spaces")
        }
        try check(bot, isAtMost: 256, "bot")
        if let contactID { try check(contactID.rawValue, isAtMost: 256, "contactId") }
        if let participantID { try check(participantID.rawValue, isAtMost: 256, "participantId") }
        if let role, !ParticipantRole.all.contains(role) { throw ArrivalProblem(description: "'role' is none that the service has") }
    }

    private func check(_ value: String, isAtMost limit: Int, _ field: String) throws(ArrivalProblem) {
        guard (1...limit).contains(value.unicodeScalars.count) else {
            throw ArrivalProblem(description: "'\(field)' must have 1 to \(limit) characters")
        }
        if let character = value.firstControlCharacter {
            throw ArrivalProblem(description: "'\(field)' has the control character \(character.codePoint)")
        }
    }
}
