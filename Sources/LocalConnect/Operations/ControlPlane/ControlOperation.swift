import ConnectWire

/// One operation of the control plane. Its SigV4 signature is not looked at.
protocol ControlOperation: Decodable, Sendable {
    associatedtype Response: Encodable & Sendable

    static var quota: QuotaName { get }
    static var throttled: ServiceFault.Kind { get }

    var instanceID: InstanceID { get }

    func validate() throws(ServiceFault)

    func perform(in state: inout ServiceState, at now: Timestamp) throws(ServiceFault) -> Response
}

extension ControlOperation {
    /// - Throws: An invalid request that names the member.
    init(body: [UInt8]) throws(ServiceFault) {
        do {
            self = try decodeBody(Self.self, from: body)
            try Constraints.length(instanceID.rawValue, 1...100, "InstanceId")
            try Constraints.printable(instanceID.rawValue, "InstanceId")
            try validate()
        } catch {
            // The control plane has another name for what a model does not allow.
            throw error.kind == .validation ? ServiceFault(.invalidRequest, status: 400, message: error.message) : error
        }
    }
}

extension ServiceFault.Kind {
    static let invalidRequest = Self(rawValue: "InvalidRequestException")
    static let contactNotFound = Self(rawValue: "ContactNotFoundException")
    static let limitExceeded = Self(rawValue: "LimitExceededException")
    static let tooManyRequests = Self(rawValue: "TooManyRequestsException")
}

extension ServiceState {
    mutating func answer<Call: ControlOperation>(
        _ call: Result<Call, ServiceFault>,
        at now: Timestamp
    ) throws(ServiceFault) -> Answered<Call.Response> {
        let call = try call.get()
        guard throttle.admits(Call.quota, of: call.instanceID, at: now) else {
            throw ServiceFault(Call.throttled, status: 429, message: "Too many \(Call.quota.rawValue) calls. Slow down and try again.")
        }
        return try striking(Call.quota.rawValue, in: nil) { (state) throws(ServiceFault) in try call.perform(in: &state, at: now) }
    }

    func contact(_ id: ContactID, of instance: InstanceID) throws(ServiceFault) -> Contact {
        guard let contact = contacts[id], contact.instanceID == instance else {
            throw ServiceFault(.resourceNotFound, message: "the instance has no such contact")
        }
        return contact
    }
}
