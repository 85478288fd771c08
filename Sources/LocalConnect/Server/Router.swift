import ConnectWire
import FoundationEssentials
import Logging
import Transport

/// Leads each request to its part of the service.
struct Router: Sendable {
    let engine: Engine
    let objects: ObjectRequests
    let admin: AdminAPI
    let logger: Logger

    /// Bytes of a JSON body.
    static let bodyLimit = 256 * 1024

    func reply(to request: ServiceRequest) async -> ServiceReply {
        let isAdmin = request.path.hasPrefix(AdminAPI.prefix)
        if request.method == "OPTIONS", !isAdmin { return .response(CORS.preflight(request)) }
        let id = UUID().uuidString.lowercased()
        var reply = await route(request, id: id)
        if case .response(var response) = reply {
            response.headers.append(HTTPHeader(ServiceFault.requestIDHeader, id))
            if !isAdmin { response.headers += CORS.headers }
            reply = .response(response)
        }
        return reply
    }

    private func route(_ request: ServiceRequest, id: String) async -> ServiceReply {
        if request.path.hasPrefix(ObjectPath.prefix) { return await objects.reply(to: request, id: id) }
        if request.path.hasPrefix(AdminAPI.prefix) { return await admin.reply(to: request) }
        if let operation = Operation.named(in: request) { return await answer(operation, request) }
        if let reply = await answerControlPlane(request) { return reply }
        return .response(.fault(ServiceFault(.unknownOperation, status: 404, message: "there is no \(request.method) \(request.path)")))
    }

    private func answer(_ operation: Operation, _ request: ServiceRequest) async -> ServiceReply {
        switch operation {
        case .createParticipantConnection: await answer(CreateParticipantConnectionRequest.self, request)
        case .sendMessage: await answer(SendMessageRequest.self, request)
        case .sendEvent: await answer(SendEventRequest.self, request)
        case .getTranscript: await answer(GetTranscriptRequest.self, request)
        case .startAttachmentUpload: await answer(StartAttachmentUploadRequest.self, request)
        case .completeAttachmentUpload: await answer(CompleteAttachmentUploadRequest.self, request)
        case .getAttachment: await answer(GetAttachmentRequest.self, request)
        case .disconnectParticipant: await answer(DisconnectParticipantRequest.self, request)
        case .getAuthenticationUrl: await answer(GetAuthenticationUrlRequest.self, request)
        case .cancelParticipantAuthentication: await answer(CancelParticipantAuthenticationRequest.self, request)
        case .describeView: await answer(DescribeViewRequest.self, request)
        }
    }

    private func answer<Call: ParticipantOperation>(_ type: Call.Type, _ request: ServiceRequest) async -> ServiceReply {
        await answering(request) { body throws(ServiceFault) in
            let call = Result { () throws(ServiceFault) in try Call(path: request.path, body: body) }
            let token = request.headers[Operation.tokenHeader]
            return try await engine.perform { (state, now) throws(ServiceFault) in
                try state.answer(call, token: token, at: now)
            }
        }
    }

    private func answerControlPlane(_ request: ServiceRequest) async -> ServiceReply? {
        switch (request.method, request.path) {
        case ("PUT", "/contact/chat"): await answer(StartChatContactRequest.self, request)
        case ("POST", "/contact/create-participant"): await answer(CreateParticipantRequest.self, request)
        case ("POST", "/contact/stop"): await answer(StopContactRequest.self, request)
        default: nil
        }
    }

    private func answer<Call: ControlOperation>(_ type: Call.Type, _ request: ServiceRequest) async -> ServiceReply {
        await answering(request) { body throws(ServiceFault) in
            let call = Result { () throws(ServiceFault) in try Call(body: body) }
            return try await engine.perform { (state, now) throws(ServiceFault) in try state.answer(call, at: now) }
        }
    }

    private func answering<Answer: Encodable & Sendable>(
        _ request: ServiceRequest,
        _ body: ([UInt8]) async throws(ServiceFault) -> Answered<Answer>
    ) async -> ServiceReply {
        let bytes: [UInt8]?
        do { bytes = try await request.collectBody(upTo: Self.bodyLimit) } catch {
            logger.debug("a request broke off", metadata: ["path": "\(request.path)", "reason": "\(error)"])
            return .lost
        }
        do throws(ServiceFault) {
            guard let bytes else {
                throw ServiceFault(.validation, status: 413, message: "the body is longer than \(Self.bodyLimit) bytes")
            }
            let answer = try await body(bytes)
            if let delay = answer.delay { await engine.pause(for: delay) }
            guard let value = answer.value, !answer.isLost else { return .lost }
            return .response(.json(value))
        } catch {
            return .response(.fault(error))
        }
    }
}

extension ServiceFault.Kind {
    static let unknownOperation = Self(rawValue: "UnknownOperationException")
}

extension Operation {
    static func named(in request: ServiceRequest) -> Operation? {
        allCases.first { operation in
            guard request.method == operation.method else { return false }
            return operation == .describeView ? request.path.hasPrefix(operation.path) : request.path == operation.path
        }
    }
}
