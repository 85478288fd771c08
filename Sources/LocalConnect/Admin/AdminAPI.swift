import ConnectWire
import FoundationEssentials
import Transport

/// What the operator of the local service can see and do, as JSON under `/local/`.
///
///     GET    /local/contacts                              contacts with their participants
///     GET    /local/contacts/ID/transcript                all items, oldest first
///     POST   /local/contacts/ID/end
///     POST   /local/contacts/ID/participants              {"role": "AGENT" | "SUPERVISOR", "displayName"}: its participant token
///     PUT    /local/contacts/ID/views/TOKEN               a View, for DescribeView
///     POST   /local/contacts/ID/authentication            a session, for GetAuthenticationUrl
///     POST   /local/contacts/ID/scan-verdicts             {"verdicts": ["REJECTED", ...]}, for the next files
///     GET    /local/arrivals                              chats whose bot could not be reached
///     GET    /local/faults                                POST one (see ``FaultRequest``), DELETE all
///
/// Never for pages of other sites, whatever ``AccessRules`` let through elsewhere.
struct AdminAPI: Sendable {
    let engine: Engine

    static let prefix = "/local/"

    func reply(to request: ServiceRequest) async -> ServiceReply {
        do throws(ServiceFault) {
            let body = try await request.collectBody()
            let path = request.path.dropFirst(Self.prefix.utf8.count).split(separator: "/").compactMap { PercentEncoding.decode($0) }
            return .response(try await respond(to: request, path, body))
        } catch {
            return .response(.fault(error))
        }
    }

    private func respond(to request: ServiceRequest, _ path: [String], _ body: [UInt8]) async throws(ServiceFault) -> ServiceResponse {
        switch (request.method, path.first, path.count) {
        case ("GET", "contacts", 1):
            return .json(engine.withState { state, _ in state.contactReports })
        case (_, "contacts", 3...4):
            return try await respond(to: request.method, ContactID(path[1]), Array(path[2...]), body)
        case ("GET", "arrivals", 1):
            return .json(engine.withState { state, _ in state.undelivered.values.sorted { $0.contactID.rawValue < $1.contactID.rawValue } })
        case ("GET", "faults", 1):
            return .json(engine.withState { state, _ in state.faults.waiting.map(\.report) })
        case ("DELETE", "faults", 1):
            engine.withState { state, _ in state.faults.clear() }
            return .json(EmptyResponse())
        case ("POST", "faults", 1):
            let fault = try Fault(decodeBody(FaultRequest.self, from: body))
            try await engine.perform { (state, _) throws(ServiceFault) in state.ask(for: fault) }
            return .json(fault.report)
        case ("GET", "authenticate", 1):
            return try await authenticate(request)
        default:
            throw .noSuchAdminCall(request)
        }
    }

    private func respond(
        to method: String,
        _ id: ContactID,
        _ path: [String],
        _ body: [UInt8]
    ) async throws(ServiceFault) -> ServiceResponse {
        switch (method, path[0], path.count) {
        case ("GET", "transcript", 1):
            return .json(
                try await engine.perform { (state, _) throws(ServiceFault) in
                    state.transcripts[try state.adminContact(id).id]?.items ?? []
                }
            )
        case ("POST", "end", 1):
            try await engine.perform { (state, now) throws(ServiceFault) in state.end(try state.adminContact(id).id, at: now) }
            return .json(EmptyResponse())
        case ("POST", "participants", 1):
            let request = try decodeBody(NewParticipant.self, from: body)
            return .json(try await engine.perform { (state, now) throws(ServiceFault) in try state.add(request, to: id, at: now) })
        case ("PUT", "views", 2):
            let view = try decodeBody(View.self, from: body)
            try await engine.perform { (state, _) throws(ServiceFault) in
                var contact = try state.adminContact(id)
                contact.views[path[1]] = view
                state.save(contact)
            }
            return .json(view)
        case ("POST", "authentication", 1):
            return .json(try await engine.perform { (state, now) throws(ServiceFault) in try state.startAuthentication(in: id, at: now) })
        case ("POST", "scan-verdicts", 1):
            let request = try decodeBody(ScanVerdicts.self, from: body)
            for verdict in request.verdicts { try Constraints.member(verdict, of: [.approved, .rejected], "verdicts") }
            try await engine.perform { (state, _) throws(ServiceFault) in
                var contact = try state.adminContact(id)
                contact.scanVerdicts += request.verdicts
                state.save(contact)
            }
            return .json(EmptyResponse())
        default:
            throw ServiceFault(.resourceNotFound, message: "the admin API has no such call")
        }
    }

    /// Where GetAuthenticationUrl leads: the customer is taken for authenticated, and sent back.
    private func authenticate(_ request: ServiceRequest) async throws(ServiceFault) -> ServiceResponse {
        let session = request.queryValue("session") ?? ""
        let target = request.queryValue("redirect_uri") ?? "/"
        try Constraints.noControlCharacters(target, "redirect_uri")
        try await engine.perform { (state, now) throws(ServiceFault) in try state.finishAuthentication(session, at: now) }
        return ServiceResponse(status: 302, headers: [HTTPHeader("Location", target)])
    }
}

extension ServiceFault {
    fileprivate static func noSuchAdminCall(_ request: ServiceRequest) -> Self {
        Self(.resourceNotFound, message: "the admin API has no \(request.summary)")
    }
}

extension ServiceRequest {
    func queryValue(_ name: String) -> String? {
        query.split(separator: "&").first { $0.hasPrefix("\(name)=") }
            .flatMap { PercentEncoding.decode($0.dropFirst(name.utf8.count + 1)) }
    }
}
