import ConnectWire
import FoundationEssentials
import Transport

extension ServiceResponse {
    static func json(_ value: some Encodable, status: Int = 200) -> Self {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(value) else {
            return fault(ServiceFault(.internalServer, message: "the answer cannot be written"))
        }
        return Self(status: status, headers: [HTTPHeader("Content-Type", "application/json")], body: .bytes(Array(body)))
    }

    /// As the service answers errors: the type in a header, the message in lower case.
    static func fault(_ fault: ServiceFault) -> Self {
        Self(
            status: fault.status,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader(ServiceFault.typeHeader, fault.kind.rawValue)],
            body: .bytes(fault.body)
        )
    }
}
