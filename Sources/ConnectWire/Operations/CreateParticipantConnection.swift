/// Opens a connection, or renews it: every call gives a new URL and a new connection token.
package struct CreateParticipantConnectionRequest: ParticipantRequest, Hashable {
    package typealias Response = CreateParticipantConnectionResponse
    package static var operation: Operation { .createParticipantConnection }

    package var types: [ConnectionType]?
    /// Marks the participant as connected without a WebSocket; for streaming customers and custom participants.
    package var connectParticipant: Bool?

    package init(types: [ConnectionType]? = nil, connectParticipant: Bool? = nil) {
        self.types = types
        self.connectParticipant = connectParticipant
    }

    private enum CodingKeys: String, CodingKey {
        case types = "Type"
        case connectParticipant = "ConnectParticipant"
    }
}

package struct CreateParticipantConnectionResponse: Hashable, Codable, Sendable {
    package var websocket: WebsocketAccess?
    package var connectionCredentials: ConnectionCredentials?

    package init(websocket: WebsocketAccess? = nil, connectionCredentials: ConnectionCredentials? = nil) {
        self.websocket = websocket
        self.connectionCredentials = connectionCredentials
    }

    private enum CodingKeys: String, CodingKey {
        case websocket = "Websocket"
        case connectionCredentials = "ConnectionCredentials"
    }
}

package struct WebsocketAccess: Hashable, Codable, Sendable {
    /// Must be connected within 100 s.
    package var url: SignedURL
    package var connectionExpiry: Timestamp?

    package init(url: SignedURL, connectionExpiry: Timestamp? = nil) {
        self.url = url
        self.connectionExpiry = connectionExpiry
    }

    private enum CodingKeys: String, CodingKey {
        case url = "Url"
        case connectionExpiry = "ConnectionExpiry"
    }
}

package struct ConnectionCredentials: Hashable, Codable, Sendable {
    package var connectionToken: ConnectionToken
    package var expiry: Timestamp?

    package init(connectionToken: ConnectionToken, expiry: Timestamp? = nil) {
        self.connectionToken = connectionToken
        self.expiry = expiry
    }

    private enum CodingKeys: String, CodingKey {
        case connectionToken = "ConnectionToken"
        case expiry = "Expiry"
    }
}

/// What a connection is to give.
package struct ConnectionType: WireName {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let websocket = Self(rawValue: "WEBSOCKET")
    package static let connectionCredentials = Self(rawValue: "CONNECTION_CREDENTIALS")
    package static let webRTCConnection = Self(rawValue: "WEBRTC_CONNECTION")
}
