import ConnectWire
import Testing

@Suite("Secrets")
struct SecretTests {
    private static let text = "QVFJREFI-the-token-itself"
    private let token = ConnectionToken(Self.text)

    private struct Holder {
        var token: ConnectionToken
        var optional: ConnectionToken?
    }

    private enum Carrier {
        case token(ConnectionToken)
    }

    private struct Failure: Error {
        var token: ConnectionToken
    }

    /// Everything that Swift can make of a value for a person to read.
    private func printed(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        var printed = ""
        print(value, to: &printed)
        var debugPrinted = ""
        debugPrint(value, to: &debugPrinted)
        return [dumped, printed, debugPrinted, "\(value)", String(describing: value), String(reflecting: value)]
    }

    @Test("A secret prints as what it is, never as its text")
    func redacts() {
        #expect("\(token)" == "<connection token>")
        #expect(token.description == "<connection token>")
        #expect(token.debugDescription == "<connection token>")
        #expect(String(reflecting: token) == "<connection token>")
        #expect("\(ParticipantToken("x"))" == "<participant token>")
        #expect("\(SignedURL("https://example.com/?signature=x"))" == "<signed URL>")
    }

    @Test("Nothing that holds a secret prints it")
    func redactsInContainers() {
        let optional: ConnectionToken? = token
        let values: [Any] = [
            token, optional as Any, [token], [token: 1], ["token": token], Set([token]), (token, 1), Holder(token: token, optional: token),
            Carrier.token(token), Failure(token: token), Result<ConnectionToken, Failure>.success(token),
            Result<Int, Failure>.failure(Failure(token: token)),
            ConnectionCredentials(connectionToken: token),
            WebsocketAccess(url: SignedURL(Self.text)),
            CreateParticipantConnectionResponse(
                websocket: WebsocketAccess(url: SignedURL(Self.text)),
                connectionCredentials: ConnectionCredentials(connectionToken: token)
            ),
            UploadMetadata(url: SignedURL(Self.text)),
            StartChatContactResponse(contactID: "c", participantID: "p", participantToken: ParticipantToken(Self.text)),
            CreateParticipantResponse(
                participantCredentials: ParticipantTokenCredentials(participantToken: ParticipantToken(Self.text)),
                participantID: "p"
            ),
        ]
        for value in values {
            for text in printed(value) {
                #expect(!text.contains(Self.text))
                #expect(!text.contains("QVFJREFI"))
            }
        }
    }

    @Test("A mirror has nothing to show")
    func hasNoChildren() {
        #expect(Mirror(reflecting: token).children.isEmpty)
    }

    @Test("Only the wire gets the text")
    func isCodedAsItsText() throws {
        #expect(try json([token]) == "[\"\(Self.text)\"]")
        #expect(try decode([ConnectionToken].self, "[\"\(Self.text)\"]").first?.exposed == Self.text)
    }

    @Test("A text that is no token is refused without being repeated")
    func errorsHoldNoText() {
        let error = #expect(throws: DecodingError.self) { try decode([ConnectionToken].self, "[{\"secret\": \"QVFJREFI\"}]") }
        for text in printed(error as Any) { #expect(!text.contains("QVFJREFI")) }
    }
}
