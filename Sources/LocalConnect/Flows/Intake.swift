package import ConnectWire
import FoundationEssentials
package import Transport

/// A bot host's HTTP door, as a place to deliver chats to: `POST /v1/chats` with a bearer secret.
package struct Intake: Sendable {
    private let url: String
    private let secret: Secret<IntakeSecretKind>
    private let http: any HTTPClient

    /// - Parameter url: The host's address, with or without `/v1/chats`.
    package init(url: String, secret: Secret<IntakeSecretKind>, http: any HTTPClient) {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.url = base.hasSuffix(Self.path) ? base : base + Self.path
        self.secret = secret
        self.http = http
    }

    private static let path = "/v1/chats"

    /// Returns when the host has taken the chat. Safe to repeat: the host knows a chat that it has.
    package func deliver(_ arrival: ChatArrival) async throws {
        let chat = Chat(
            bot: arrival.bot,
            contactId: arrival.contactID,
            participantId: arrival.participantID,
            participantToken: arrival.participantToken,
            attributes: arrival.attributes
        )
        let headers = [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Authorization", "Bearer \(secret.exposed)")]
        let body = Array(try JSONEncoder().encode(chat))
        let response = try await http.send(HTTPRequest("POST", url, headers: headers, body: .bytes(body), timeout: .seconds(5)))
        switch response.status {
        case 200..<300: return
        case 400, 401, 403, 404, 413: throw DeliveryRefused("the intake refused it with \(response.status) \(reason(response.status))")
        default: throw DeliveryFailed(description: "the intake answered \(response.status)")
        }
    }

    private func reason(_ status: Int) -> String {
        switch status {
        case 401, 403: "(is the secret the host's?)"
        case 404: "(the host has no bot of this name)"
        default: ""
        }
    }

    private struct Chat: Encodable {
        var bot: String
        var contactId: ContactID
        var participantId: ParticipantID
        var participantToken: ParticipantToken
        var attributes: [String: String]
    }
}

package enum IntakeSecretKind: SecretKind {
    package static var label: String { "intake secret" }
}

/// The host did not take the chat now; it may later.
private struct DeliveryFailed: Error, CustomStringConvertible {
    let description: String
}
