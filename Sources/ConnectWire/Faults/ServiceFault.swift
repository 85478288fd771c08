import FoundationEssentials

/// An error as the service answers it.
package struct ServiceFault: Error, Hashable, Sendable {
    package var kind: Kind
    package var status: Int
    package var message: String
    /// What to quote to the service's support.
    package var requestID: String?

    package init(_ kind: Kind, status: Int? = nil, message: String, requestID: String? = nil) {
        self.kind = kind
        self.status = status ?? kind.status ?? 500
        self.message = message
        self.requestID = requestID
    }

    /// The modelled faults, and whatever else may come.
    package struct Kind: WireName {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let accessDenied = Self(rawValue: "AccessDeniedException")
        package static let conflict = Self(rawValue: "ConflictException")
        package static let internalServer = Self(rawValue: "InternalServerException")
        package static let resourceNotFound = Self(rawValue: "ResourceNotFoundException")
        package static let serviceQuotaExceeded = Self(rawValue: "ServiceQuotaExceededException")
        package static let throttling = Self(rawValue: "ThrottlingException")
        package static let validation = Self(rawValue: "ValidationException")

        /// The modelled status; nil for a kind that the participant API does not have.
        package var status: Int? {
            switch self {
            case .accessDenied: 403
            case .conflict: 409
            case .internalServer: 500
            case .resourceNotFound: 404
            case .serviceQuotaExceeded: 402
            case .throttling: 429
            case .validation: 400
            default: nil
            }
        }

        /// The kind that a status speaks of.
        package init(status: Int) {
            let modelled: [Self] = [
                .accessDenied, .conflict, .internalServer, .resourceNotFound, .serviceQuotaExceeded, .throttling, .validation,
            ]
            self = modelled.first { $0.status == status } ?? Self(rawValue: "HTTP \(status)")
        }
    }
}

extension ServiceFault {
    /// Which of the modelled faults this is: by its name where the model has that, else by its status, as something between here and the
    /// service may have given it a name of its own.
    package var meaning: Kind {
        kind.status == nil ? Kind(status: status) : kind
    }
}

extension ServiceFault: CustomStringConvertible {
    package var description: String {
        let request = requestID.map { " (request \($0))" } ?? ""
        return "\(kind) (\(status)): \(message)\(request)"
    }
}

// On the wire the type is a header and the message a body. Every spelling that clients accept is read: the header may have ":..." behind the
// name or "...#" before it, the type may stand in the body as `code` or `__type`, the message as `message` or `Message`.
extension ServiceFault {
    package static let typeHeader = "x-amzn-ErrorType"
    package static let requestIDHeader = "x-amzn-RequestId"

    package init(status: Int, typeHeader: String?, requestID: String?, body: [UInt8]) {
        let fields = try? WireJSON.decode(BodyFields.self, from: body.prefix(64 * 1024))
        let name = [typeHeader, fields?.code, fields?.type].lazy.compactMap { $0.flatMap(Self.bareTypeName) }.first
        self.init(
            name.map(Kind.init(rawValue:)) ?? Kind(status: status),
            status: status,
            message: fields?.message ?? fields?.upperMessage ?? "the service gave no reason",
            requestID: requestID
        )
    }

    /// `{"message": ...}`, lower case, as the service was seen to send it.
    package var body: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(["message": message])).map(Array.init) ?? []
    }

    private static func bareTypeName(_ text: String) -> String? {
        let uncommented = text.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        let bare = uncommented.split(separator: "#").last?.drop { $0 == " " }.prefix { $0 != " " } ?? ""
        return bare.isEmpty ? nil : String(bare)
    }

    private struct BodyFields: Decodable {
        var code: String?
        var type: String?
        var message: String?
        var upperMessage: String?

        enum CodingKeys: String, CodingKey {
            case code
            case type = "__type"
            case message
            case upperMessage = "Message"
        }

        /// A member of the wrong type is left out, so that the others still count.
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            code = try? container.decode(String.self, forKey: .code)
            type = try? container.decode(String.self, forKey: .type)
            message = try? container.decode(String.self, forKey: .message)
            upperMessage = try? container.decode(String.self, forKey: .upperMessage)
        }
    }
}
