import ConnectWire
import FoundationEssentials

/// Decodes a JSON body; an empty one counts as `{}`, as SDKs send both.
func decodeBody<Body: Decodable>(_ type: Body.Type, from body: [UInt8]) throws(ServiceFault) -> Body {
    do {
        let bytes = body.isEmpty ? Array("{}".utf8) : body
        try JSONSyntax.check(bytes)
        return try WireJSON.decode(type, from: bytes)
    } catch let error as JSONSyntaxError {
        throw ServiceFault(.validation, message: "the body is not JSON: \(error)")
    } catch let error as DecodingError {
        throw ServiceFault(.validation, message: error.problem)
    } catch let error as UnknownMember {
        throw ServiceFault(.validation, message: "\(error)")
    } catch {
        throw ServiceFault(.validation, message: "the body cannot be read")
    }
}

extension DecodingError {
    /// What is wrong and where, without the content, which may be private.
    fileprivate var problem: String {
        switch self {
        case .keyNotFound(let key, let context): "\(Self.name(context.codingPath + [key])) is required"
        case .valueNotFound(_, let context): "\(Self.name(context.codingPath)) must not be null"
        case .typeMismatch(let type, let context): "\(Self.name(context.codingPath)) must be \(Self.name(of: type))"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "the body is not JSON"
        case .dataCorrupted(let context): "\(Self.name(context.codingPath)) has a value that is not allowed"
        @unknown default: "the body cannot be read"
        }
    }

    private static func name(_ path: [any CodingKey]) -> String {
        guard !path.isEmpty else { return "the body" }
        return path.reduce("") { name, key in
            if let index = key.intValue { return "\(name)[\(index)]" }
            return name.isEmpty ? key.stringValue : "\(name).\(key.stringValue)"
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        case is [Any].Type: "a list"
        default: "an object"
        }
    }
}
