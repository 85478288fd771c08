import ConnectWire
import FoundationEssentials
import Logging
import Transport

/// Leads each request to its part of the service.
struct Router: Sendable {
    let access: AccessRules
    let engine: Engine
    let objects: ObjectRequests
    let admin: AdminAPI
    let logger: Logger

    func reply(to request: ServiceRequest) async -> ServiceReply {
        let isAdmin = request.path.hasPrefix(AdminAPI.prefix)
        let id = UUID().uuidString.lowercased()
        var headers = [HTTPHeader(ServiceFault.requestIDHeader, id)]
        let reply: ServiceReply
        do throws(ServiceFault) {
            try checkAccess(request.headers, isForOperator: isAdmin)
            reply = await route(request, id: id)
            if !isAdmin { headers += access.allowance(for: request.headers) + [CORS.exposed] }
        } catch {
            reply = .response(.fault(error))
        }
        guard case .response(var response) = reply else { return reply }
        response.headers += headers
        return .response(response)
    }

    /// As ``AccessRules/check(_:isForOperator:)``. Who is refused is in the log: browsers keep the reason from their pages.
    func checkAccess(_ headers: [HTTPHeader], isForOperator: Bool = false) throws(ServiceFault) {
        do throws(ServiceFault) {
            try access.check(headers, isForOperator: isForOperator)
        } catch {
            logger.info("a request is refused: \(error.message)")
            throw error
        }
    }

    private func route(_ request: ServiceRequest, id: String) async -> ServiceReply {
        if request.method == "OPTIONS", !request.path.hasPrefix(AdminAPI.prefix) { return .response(CORS.preflight(request)) }
        if request.path.hasPrefix(ObjectPath.prefix) { return await objects.reply(to: request, id: id) }
        if request.path.hasPrefix(AdminAPI.prefix) { return await admin.reply(to: request) }
        if let operation = Operation.named(in: request) { return await answer(operation, request) }
        if let reply = await answerControlPlane(request) { return reply }
        return .response(.fault(ServiceFault(.unknownOperation, status: 404, message: "there is no \(request.summary)")))
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
            let token = try request.bearerToken()
            let call = Result { () throws(ServiceFault) in try Call(path: request.path, body: body) }
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
        do throws(ServiceFault) {
            let answer = try await body(request.collectBody())
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
