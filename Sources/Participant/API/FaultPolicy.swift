package import ConnectWire

/// What the client does about the errors of each operation. Nothing else in the client asks for a status or for a kind of fault.
///
/// All errors that the model has (botocore's connectparticipant 2018-09-07, all eleven operations), and what is done:
///
/// | error, status                     | answered to                 | reaction                                                                      |
/// |-----------------------------------|-----------------------------|-------------------------------------------------------------------------------|
/// | ThrottlingException, 429          | every operation             | ``Reaction/againSlower``                                                      |
/// | InternalServerException, 500      | every operation             | ``Reaction/again``                                                            |
/// | AccessDeniedException, 403        | CreateParticipantConnection | ``Reaction/withoutSocket``; then the participant's part in the chat is over   |
/// |                                   | DisconnectParticipant       | ``Reaction/renewal(then:)``; then it is done: who may do nothing has left     |
/// |                                   | the nine others             | ``Reaction/renewal(then:)``; then the step, or the upload, fails              |
/// | ValidationException, 400          | CreateParticipantConnection | ``Reaction/withoutSocket``; then as for 403                                   |
/// |                                   | GetTranscript               | ``Reaction/fromFirstPage``; then reading fails                                |
/// |                                   | the nine others             | ``Reaction/refusal``: the step, or the upload, fails with the service's words |
/// | ServiceQuotaExceededException, 402| Start-, Complete-           | ``Reaction/refusal``: the upload fails, `otherwise` runs                      |
/// |                                   | AttachmentUpload            |                                                                               |
/// | ConflictException, 409            | CompleteAttachmentUpload    | ``Reaction/underWay``: until the verdict, or until `within`, then `otherwise` |
/// |                                   | SendEvent                   | ``Reaction/refusal``: receipts are not to be had with more than two present   |
/// | ResourceNotFoundException, 404    | DescribeView                | ``Reaction/refusal``                                                          |
///
/// An error of which the model knows nothing for the operation is taken by its kind, and one of no known kind by its status: a redirection, 408 and
/// 5xx come from something in between, and pass; every other one is a refusal.
package enum FaultPolicy {
    package enum Reaction: Hashable, Sendable {
        /// The same call, client token and all, after a pause with full jitter, while patience lasts. After that the caller may try anew.
        case again
        /// As ``again``, and the calls that come after keep a slower pace.
        case againSlower
        /// A new connection token, once, and the same call with it.
        case renewal(then: Outcome)
        /// The same call without asking for WEBSOCKET, where that was asked for; then it is refused.
        case withoutSocket
        /// The token of a page is valid no longer: reading begins anew, three times. On the first page it is a refusal.
        case fromFirstPage
        /// What is asked for has begun already: the same call, client token and all, with pauses, until whoever waits gives up.
        case underWay
        /// The call will never be taken, and is not repeated.
        case refusal
    }

    /// What it means when the reaction was of no avail.
    package enum Outcome: Hashable, Sendable {
        case refused
        case done
    }

    package static func reaction(to fault: ServiceFault, of operation: Operation) -> Reaction {
        if let reaction = table[operation]?[fault.meaning] ?? unexpected[fault.meaning] { return reaction }
        return fault.status >= 500 || fault.status == 408 || fault.status < 400 ? .again : .refusal
    }

    typealias Reactions = [ServiceFault.Kind: Reaction]

    /// By operation, the errors that the model has for it.
    static let table: [Operation: Reactions] = [
        .cancelParticipantAuthentication: common,
        .completeAttachmentUpload: common.with([.serviceQuotaExceeded: .refusal, .conflict: .underWay]),
        .createParticipantConnection: common.with([.accessDenied: .withoutSocket, .validation: .withoutSocket]),
        .describeView: common.with([.resourceNotFound: .refusal]),
        .disconnectParticipant: common.with([.accessDenied: .renewal(then: .done)]),
        .getAttachment: common,
        .getAuthenticationUrl: common,
        .getTranscript: common.with([.validation: .fromFirstPage]),
        .sendEvent: common.with([.conflict: .refusal]),
        .sendMessage: common,
        .startAttachmentUpload: common.with([.serviceQuotaExceeded: .refusal]),
    ]

    private static let common: Reactions = [
        .accessDenied: .renewal(then: .refused), .internalServer: .again, .throttling: .againSlower, .validation: .refusal,
    ]

    /// Known kinds, where the model does not have them.
    private static let unexpected: Reactions = [.conflict: .refusal, .resourceNotFound: .refusal, .serviceQuotaExceeded: .refusal]
}

extension FaultPolicy.Reactions {
    fileprivate func with(_ own: Self) -> Self {
        merging(own) { _, own in own }
    }
}
