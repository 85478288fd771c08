import ConnectWire
import TestSupport
import Testing
import Transport

@testable import Participant

/// Every error that botocore's model of connectparticipant (2018-09-07) has for every operation, and what the client makes of it.
@Suite("What each error of each operation leads to", .timeLimit(.minutes(1)))
struct FaultPolicyTests {
    /// What is seen of a client that meets an error once.
    enum Reaction: Sendable {
        /// The same call again, and it is done.
        case repeats
        /// A new connection token, the same call again, and it is done.
        case renews
        /// The same call without WEBSOCKET, and it is done.
        case goesWithoutSocket
        /// Nothing more: the error is told.
        case tells
    }

    private static let common: [ServiceFault.Kind: Reaction] = [
        .accessDenied: .renews, .internalServer: .repeats, .throttling: .repeats, .validation: .tells,
    ]

    private static let modelled: [Operation: [ServiceFault.Kind: Reaction]] = [
        .cancelParticipantAuthentication: common,
        .completeAttachmentUpload: common.merging([.serviceQuotaExceeded: .tells, .conflict: .tells]) { $1 },
        .createParticipantConnection: [
            .accessDenied: .goesWithoutSocket, .internalServer: .repeats, .throttling: .repeats, .validation: .goesWithoutSocket,
        ],
        .describeView: common.merging([.resourceNotFound: .tells]) { $1 },
        .disconnectParticipant: common,
        .getAttachment: common,
        .getAuthenticationUrl: common,
        .getTranscript: common,
        .sendEvent: common.merging([.conflict: .tells]) { $1 },
        .sendMessage: common,
        .startAttachmentUpload: common.merging([.serviceQuotaExceeded: .tells]) { $1 },
    ]

    struct Row: Sendable, CustomTestStringConvertible {
        var operation: Operation
        var kind: ServiceFault.Kind
        var reaction: Reaction

        var testDescription: String { "\(operation.rawValue): \(kind)" }
    }

    private static let rows = modelled.flatMap { operation, reactions in
        reactions.map { Row(operation: operation, kind: $0, reaction: $1) }
    }

    @Test("The table has a row for each of them, and no other")
    func table() {
        #expect(FaultPolicy.table.mapValues { Set($0.keys) } == Self.modelled.mapValues { Set($0.keys) })
    }

    /// Calls the operation as the client's own code does, by a connection that has a token.
    private func call(_ operation: Operation, on connection: ParticipantConnection) async throws {
        let token = ClientToken(rawValue: "t")
        switch operation {
        case .cancelParticipantAuthentication:
            _ = try await connection.call(CancelParticipantAuthenticationRequest(sessionID: "s"))
        case .completeAttachmentUpload:
            _ = try await connection.call(CompleteAttachmentUploadRequest(attachmentIDs: ["a"], clientToken: token))
        case .createParticipantConnection: _ = try await connection.open()
        case .describeView: _ = try await connection.call(DescribeViewRequest(viewToken: "v"))
        case .disconnectParticipant: _ = try await connection.call(DisconnectParticipantRequest(clientToken: token))
        case .getAttachment: _ = try await connection.call(GetAttachmentRequest(attachmentID: "a"))
        case .getAuthenticationUrl: _ = try await connection.call(GetAuthenticationUrlRequest(sessionID: "s", redirectURI: "r"))
        case .getTranscript: _ = try await connection.call(GetTranscriptRequest())
        case .sendEvent: _ = try await connection.call(SendEventRequest(contentType: .typing, clientToken: token))
        case .sendMessage: _ = try await connection.call(SendMessageRequest(contentType: .plainText, content: "c", clientToken: token))
        case .startAttachmentUpload:
            _ = try await connection.call(
                StartAttachmentUploadRequest(contentType: "text/plain", attachmentSizeInBytes: 1, attachmentName: "a", clientToken: token)
            )
        }
    }

    /// A client whose service answers the first calls of the operation with the fault.
    private func meet(_ row: Row, times: Int, at time: SkippingTime) async throws -> (service: ScriptedService, error: ParticipantError?) {
        let client = try TestClient(time: time)
        for _ in 0..<times { client.service.answer(row.operation, .fault(row.kind)) }
        let connection = client.connection(stored: ConnectionCredentials(connectionToken: ConnectionToken("stored")))
        do {
            try await call(row.operation, on: connection)
            return (client.service, nil)
        } catch let error as ParticipantError {
            return (client.service, error)
        }
    }

    @Test("Once: what can pass, or be mended, is done in the end", arguments: rows)
    func once(_ row: Row) async throws {
        let time = SkippingTime()
        let (service, error) = try await meet(row, times: 1, at: time)
        let calls = service.calls(of: row.operation)
        #expect(calls.count == (row.reaction == .tells ? 1 : 2))
        #expect(time.sleeps.isEmpty == (row.reaction != .repeats))
        #expect((error?.fault?.kind == row.kind) == (row.reaction == .tells))
        if row.reaction == .goesWithoutSocket {
            let request: CreateParticipantConnectionRequest = try calls[1].decoded()
            #expect(request.types == [.connectionCredentials])
        } else if row.reaction != .tells {
            #expect(calls[0].request.bytes == calls[1].request.bytes)
            #expect((calls[0].token == calls[1].token) == (row.reaction == .repeats))
        }
        guard row.operation != .createParticipantConnection else { return }
        #expect(service.calls(of: .createParticipantConnection).count == (row.reaction == .renews ? 1 : 0))
    }

    @Test("For ever: it is told, as one that may pass or one that will not", arguments: rows)
    func always(_ row: Row) async throws {
        let time = SkippingTime()
        let (service, error) = try await meet(row, times: 100, at: time)
        #expect(error?.operation == row.operation)
        #expect(error?.fault?.kind == row.kind)
        #expect(error?.isRetryable == (row.reaction == .repeats))
        #expect(error?.isRefusal == (row.reaction != .repeats))
        #expect(time.uptime < .seconds(25))
        let calls = service.calls(of: row.operation).count
        switch row.reaction {
        case .repeats: #expect(calls > 2)
        case .renews, .goesWithoutSocket: #expect(calls == 2)
        case .tells: #expect(calls == 1)
        }
    }

    @Test(
        "An error that the model does not have is taken by its kind, else by its status",
        arguments: [
            (ServiceFault(.conflict, message: ""), FaultPolicy.Reaction.refusal), (ServiceFault(.resourceNotFound, message: ""), .refusal),
            (ServiceFault(.serviceQuotaExceeded, message: ""), .refusal), (fault("TeapotException", 418), .refusal),
            (fault("TeapotException", 409), .refusal), (fault("Forbidden", 403), .renewal(then: .refused)),
            (fault("TooManyRequests", 429), .againSlower), (fault("BadGateway", 502), .again), (fault("GatewayTimeout", 504), .again),
            (fault("RequestTimeout", 408), .again), (fault("Found", 302), .again), (fault("ThrottlingException", 400), .againSlower),
        ]
    )
    func unmodelled(fault: ServiceFault, reaction: FaultPolicy.Reaction) {
        #expect(FaultPolicy.reaction(to: fault, of: .sendMessage) == reaction)
    }

    private static func fault(_ name: String, _ status: Int) -> ServiceFault {
        ServiceFault(ServiceFault.Kind(rawValue: name), status: status, message: "")
    }
}

extension HTTPRequest {
    fileprivate var bytes: [UInt8]? {
        if case .bytes(let bytes) = body { bytes } else { nil }
    }
}
