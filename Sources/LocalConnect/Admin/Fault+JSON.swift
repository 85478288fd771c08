import ConnectWire

/// A fault as the admin API takes it: `{"operation": "SendMessage", "status": 503, "count": 2}`, `{"fault": "drop-sockets", "contact": ID}`, or
/// `{"random": {"seed": 7, "rate": 0.05}}`.
struct FaultRequest: Codable, Sendable {
    var operation: String?
    var status: Int?
    var fault: String?
    /// Of a delay or a slow scan.
    var seconds: Double?
    var random: Random?
    var contact: ContactID?
    var role: ParticipantRole?
    var count: Int?

    struct Random: Codable, Sendable {
        var seed: UInt64
        var rate: Double
        /// Which ones; all of them where absent.
        var faults: [String]?

        enum CodingKeys: String, CodingKey, CaseIterable {
            case seed
            case rate
            case faults
        }

        init(seed: UInt64, rate: Double, faults: [String]?) {
            self.seed = seed
            self.rate = rate
            self.faults = faults
        }

        init(from decoder: any Decoder) throws {
            try decoder.refuseMembers(besides: CodingKeys.self)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            seed = try container.decode(UInt64.self, forKey: .seed)
            rate = try container.decode(Double.self, forKey: .rate)
            faults = try container.decodeIfPresent([String].self, forKey: .faults)
        }
    }

    enum CodingKeys: String, CodingKey, CaseIterable {
        case operation
        case status
        case fault
        case seconds
        case random
        case contact
        case role
        case count
    }
}

extension FaultRequest {
    init(from decoder: any Decoder) throws {
        try decoder.refuseMembers(besides: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        operation = try container.decodeIfPresent(String.self, forKey: .operation)
        status = try container.decodeIfPresent(Int.self, forKey: .status)
        fault = try container.decodeIfPresent(String.self, forKey: .fault)
        seconds = try container.decodeIfPresent(Double.self, forKey: .seconds)
        random = try container.decodeIfPresent(Random.self, forKey: .random)
        contact = try container.decodeIfPresent(ContactID.self, forKey: .contact)
        role = try container.decodeIfPresent(ParticipantRole.self, forKey: .role)
        count = try container.decodeIfPresent(Int.self, forKey: .count)
    }
}

extension Fault {
    static let operations =
        Operation.allCases.map(\.rawValue) + ObjectOperation.allCases.map(\.rawValue) + [
            "StartChatContact", "CreateParticipant", "StopContact",
        ]

    init(_ request: FaultRequest) throws(ServiceFault) {
        effect = try Self.effect(request)
        if let name = request.operation, !Self.operations.contains(name) {
            throw .noSuch("operation", name, Self.operations)
        }
        if let role = request.role, !ParticipantRole.all.contains(role) {
            throw .noSuch("role", role.rawValue, ParticipantRole.all.map(\.rawValue))
        }
        guard (1...1_000_000).contains(request.count ?? 1) else { throw ServiceFault(.validation, message: "count must be 1 to 1000000") }
        operation = request.operation
        contact = request.contact
        role = request.role
        count = request.count ?? 1
    }

    private static func effect(_ request: FaultRequest) throws(ServiceFault) -> Effect {
        switch (request.status, request.fault, request.random) {
        case (let status?, nil, nil):
            guard (400...599).contains(status) else { throw ServiceFault(.validation, message: "status must be 400 to 599") }
            return .status(status)
        case (nil, let name?, nil):
            return try effect(kind(name), seconds: request.seconds)
        case (nil, nil, let random?):
            guard (0...1).contains(random.rate) else { throw ServiceFault(.validation, message: "rate must be 0 to 1") }
            guard request.operation == nil, request.count == nil else {
                throw ServiceFault(
                    .validation,
                    message: "random faults have neither an operation nor a count; they end when faults are cleared"
                )
            }
            var kinds: [Kind] = []
            for name in random.faults ?? Kind.allCases.map(\.rawValue) { kinds.append(name == "status" ? .status : try kind(name)) }
            return .random(RandomFaults(seed: random.seed, rate: random.rate, kinds: kinds))
        default:
            throw ServiceFault(.validation, message: "name either a status, a fault, or random ones")
        }
    }

    private static func kind(_ name: String) throws(ServiceFault) -> Kind {
        guard let kind = Kind(rawValue: name), kind != .status else {
            throw .noSuch("fault", name, Kind.allCases.filter { $0 != .status }.map(\.rawValue).sorted())
        }
        return kind
    }

    private static func effect(_ kind: Kind, seconds: Double?) throws(ServiceFault) -> Effect {
        let needsTime = kind == .delay || kind == .slowScan
        guard needsTime == (seconds != nil), (0...3600).contains(seconds ?? 0) else {
            let message = needsTime ? "\(kind.rawValue) needs seconds, 0 to 3600" : "only delay and slow-scan take seconds"
            throw ServiceFault(.validation, message: message)
        }
        let time = Duration.milliseconds(Int((seconds ?? 0) * 1000))
        return switch kind {
        case .delay: .delay(time)
        case .slowScan: .slowScan(time)
        case .status: .status(500)
        case .reset: .reset
        case .loseResponse: .loseResponse
        case .dropSockets: .dropSockets
        case .silenceSockets: .silenceSockets
        case .expireTokens: .expireTokens
        case .forgetClientTokens: .forgetClientTokens
        case .expireURLs: .expireURLs
        case .breakUpload: .breakUpload
        case .duplicateFrames: .duplicateFrames
        case .reorderFrames: .reorderFrames
        case .malformFrames: .malformFrames
        case .rejectScan: .rejectScan
        }
    }

    /// A list as `--faults` takes it: what could be posted one by one.
    package static func list(json: [UInt8]) throws -> [Fault] {
        try decodeBody([FaultRequest].self, from: json).map { request throws(ServiceFault) in try Fault(request) }
    }

    /// As it is listed: as it was asked for.
    var report: FaultRequest {
        var report = FaultRequest(operation: operation, contact: contact, role: role, count: count)
        switch effect {
        case .status(let status): report.status = status
        case .random(let random):
            report.count = nil
            report.random = .init(seed: random.seed, rate: random.rate, faults: random.kinds.map(\.rawValue))
        case .delay(let time), .slowScan(let time):
            report.fault = effect.kind?.rawValue
            report.seconds = time / .seconds(1)
        default: report.fault = effect.kind?.rawValue
        }
        return report
    }
}

extension ServiceFault {
    fileprivate static func noSuch(_ what: String, _ name: String, _ known: [String]) -> Self {
        let hint = Spelling.hint(for: name, among: known)
        let message = "there is no \(what) '\(name.prefix(100))'\(hint) The \(what)s are: \(known.joined(separator: ", "))"
        return Self(.validation, message: message)
    }
}
