import ConnectWire

/// A fault as the admin API takes it: `{"operation": "SendMessage", "status": 503, "count": 2}` or `{"fault": "drop-sockets", "contact": ID}`.
struct FaultRequest: Decodable {
    var operation: String?
    var status: Int?
    var fault: String?
    var contact: ContactID?
    var count: Int?
}

extension Fault {
    static let effects: [String: Effect] = [
        "lose-response": .loseResponse,
        "drop-sockets": .dropSockets,
        "duplicate-frames": .duplicateFrames,
        "break-upload": .breakUpload,
        "expire-urls": .expireURLs,
        "expire-tokens": .expireTokens,
        "reject-scan": .rejectScan,
    ]

    static let operations =
        Operation.allCases.map(\.rawValue) + ObjectOperation.allCases.map(\.rawValue) + [
            "StartChatContact", "CreateParticipant", "StopContact",
        ]

    init(_ request: FaultRequest) throws(ServiceFault) {
        switch (request.status, request.fault) {
        case (let status?, nil):
            guard (400...599).contains(status) else { throw ServiceFault(.validation, message: "status must be 400 to 599") }
            effect = .status(status)
        case (nil, let name?):
            guard let effect = Self.effects[name] else {
                throw ServiceFault(.validation, message: "fault must be one of: \(Self.effects.keys.sorted().joined(separator: ", "))")
            }
            self.effect = effect
        default:
            throw ServiceFault(.validation, message: "name either a status or a fault")
        }
        if let name = request.operation, !Self.operations.contains(name) {
            throw ServiceFault(.validation, message: "operation must be one of: \(Self.operations.joined(separator: ", "))")
        }
        guard (1...1_000_000).contains(request.count ?? 1) else { throw ServiceFault(.validation, message: "count must be 1 to 1000000") }
        operation = request.operation
        contact = request.contact
        count = request.count ?? 1
    }

    /// A list as `--faults` takes it: what could be posted one by one.
    package static func list(json: [UInt8]) throws -> [Fault] {
        try decodeBody([FaultRequest].self, from: json).map { request throws(ServiceFault) in try Fault(request) }
    }

    /// As it is listed.
    var report: Report {
        var report = Report(operation: operation, contact: contact, count: count)
        if case .status(let status) = effect {
            report.status = status
        } else {
            report.fault = Self.effects.first { $0.value == effect }?.key
        }
        return report
    }

    struct Report: Encodable, Sendable {
        var operation: String?
        var status: Int?
        var fault: String?
        var contact: ContactID?
        var count: Int
    }
}
