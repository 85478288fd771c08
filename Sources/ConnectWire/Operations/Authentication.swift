package struct GetAuthenticationUrlRequest: ParticipantRequest, Hashable {
    package typealias Response = GetAuthenticationUrlResponse
    package static var operation: Operation { .getAuthenticationUrl }

    /// 36 characters.
    package var sessionID: String
    package var redirectURI: String

    package init(sessionID: String, redirectURI: String) {
        self.sessionID = sessionID
        self.redirectURI = redirectURI
    }

    private enum CodingKeys: String, CodingKey {
        case sessionID = "SessionId"
        case redirectURI = "RedirectUri"
    }
}

package struct GetAuthenticationUrlResponse: Hashable, Codable, Sendable {
    package var authenticationURL: SignedURL?

    package init(authenticationURL: SignedURL? = nil) {
        self.authenticationURL = authenticationURL
    }

    private enum CodingKeys: String, CodingKey {
        case authenticationURL = "AuthenticationUrl"
    }
}

package struct CancelParticipantAuthenticationRequest: ParticipantRequest, Hashable {
    package typealias Response = EmptyResponse
    package static var operation: Operation { .cancelParticipantAuthentication }

    /// 36 characters.
    package var sessionID: String

    package init(sessionID: String) {
        self.sessionID = sessionID
    }

    private enum CodingKeys: String, CodingKey {
        case sessionID = "SessionId"
    }
}
