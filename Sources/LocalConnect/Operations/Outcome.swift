import ConnectWire
import Crypto
import FoundationEssentials

/// Under which name a call's outcome is remembered: who called what with which client token.
struct OutcomeKey: Hashable, Codable, Sendable {
    /// A participant, or an instance in the control plane.
    let scope: String
    let operation: String
    let token: ClientToken
}

/// What a call with a client token did. A repeat is answered from it without acting again; no secrets in it.
struct Outcome: Codable, Sendable {
    let key: OutcomeKey
    /// Of the parameters: a repeat must have the same.
    let fingerprint: String
    let result: Result
    let expiry: Timestamp

    enum Result: Codable, Hashable, Sendable {
        case sent(ItemID, Timestamp)
        case uploadStarted(AttachmentID)
        case uploadCompleted
        case contactStarted(ContactID)
        case participantCreated(ParticipantID)
    }
}

/// How a call with a client token can be recognised.
struct Repeatable: Sendable {
    let key: OutcomeKey
    let fingerprint: String

    /// - Returns: Nil without a token, or with an empty one: then every call acts.
    init?(_ request: some Encodable, token: ClientToken?, scope: String, operation: String) {
        guard let token, !token.rawValue.isEmpty else { return nil }
        key = OutcomeKey(scope: scope, operation: operation, token: token)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        fingerprint = SHA256.hash(data: (try? encoder.encode(request)) ?? Data()).hexadecimal
    }
}

extension ServiceState {
    /// The outcome of the earlier call with this token; nil where this is the first.
    ///
    /// A token that comes again with other parameters is refused: the service does not document what it does then, and an answer as before would hide
    /// that the new call did nothing.
    func earlierResult(of call: Repeatable?, at now: Timestamp) throws(ServiceFault) -> Outcome.Result? {
        guard let call, let outcome = outcomes[call.key], now < outcome.expiry else { return nil }
        guard outcome.fingerprint == call.fingerprint else {
            throw ServiceFault(.conflict, message: "ClientToken was used before, with other parameters. Use a new token for a new call.")
        }
        return outcome.result
    }

    mutating func remember(_ result: Outcome.Result, of call: Repeatable?, at now: Timestamp) {
        guard let call else { return }
        let expiry = now + rules.lifetimes.clientToken
        save(Outcome(key: call.key, fingerprint: call.fingerprint, result: result, expiry: expiry))
        schedule(.outcomeIsForgotten(call.key), at: expiry)
    }
}
