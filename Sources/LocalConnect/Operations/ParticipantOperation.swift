import ConnectWire

/// One operation of the participant API: its rules, and what it does.
protocol ParticipantOperation: ParticipantRequest {
    /// The token that it wants.
    static var tokenKind: TokenKind { get }

    /// - Throws: A validation fault that names the member.
    init(path: String, body: [UInt8]) throws(ServiceFault)

    /// Checks what the model says of the members.
    func validate() throws(ServiceFault)

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> Response
}

extension ParticipantOperation {
    static var tokenKind: TokenKind { .connection }

    init(path: String, body: [UInt8]) throws(ServiceFault) {
        self = try decodeBody(Self.self, from: body)
        try validate()
    }
}

extension ServiceState {
    /// The whole way of a call: who, how often, what, and then the act.
    mutating func answer<Call: ParticipantOperation>(
        _ call: Result<Call, ServiceFault>,
        token: String?,
        at now: Timestamp
    ) throws(ServiceFault) -> Answered<Call.Response> {
        let caller = try caller(with: token, kind: Call.tokenKind, at: now)
        guard throttle.admits(QuotaName(Call.operation.quotaGroup), of: caller.contact.instanceID, at: now) else {
            throw ServiceFault(.throttling, message: "Too many \(Call.operation.rawValue) calls. Slow down and try again.")
        }
        return try striking(Call.operation.rawValue, in: caller.contact.id, by: caller.participant.role) { (state) throws(ServiceFault) in
            try call.get().perform(in: &state, by: caller, at: now)
        }
    }
}
