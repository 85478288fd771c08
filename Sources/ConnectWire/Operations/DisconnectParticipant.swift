package struct DisconnectParticipantRequest: ParticipantRequest, Hashable {
    package typealias Response = EmptyResponse
    package static var operation: Operation { .disconnectParticipant }

    package var clientToken: ClientToken?

    package init(clientToken: ClientToken? = nil) {
        self.clientToken = clientToken
    }

    private enum CodingKeys: String, CodingKey {
        case clientToken = "ClientToken"
    }
}
