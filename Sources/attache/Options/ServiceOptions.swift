import ArgumentParser
import ConnectWire
import Foundation
import Logging
import Participant
import Transport

/// Where the participant service is, and how it is talked to.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The participant service's URL. [ATTACHE_ENDPOINT]", valueName: "url"))
    var endpoint: String?

    @Option(help: "The AWS region of the real service, where no endpoint is named. [ATTACHE_REGION]")
    var region: String?

    @Option(
        help: "How items arrive: websocket, or poll. A service that refuses a WebSocket is polled. [ATTACHE_RECEIVE]",
        transform: OptionValue.named
    )
    var receive: ParticipantConnection.Receive? = nil

    @Option(
        help: ArgumentHelp("The pace of calls: documented, off, or a JSON file with quotas by API. [ATTACHE_QUOTAS]", valueName: "quotas"),
        transform: QuotaChoice.init
    )
    var quotas: QuotaChoice? = nil

    /// What the environment says is refused before anything happens, too.
    func validate() throws {
        _ = try (receiveMode(), quotaChoice())
    }

    private func quotaChoice() throws -> QuotaChoice {
        try quotas ?? Environment.value("QUOTAS", QuotaChoice.init) ?? .documented
    }

    func receiveMode() throws -> ParticipantConnection.Receive {
        try receive ?? Environment.value("RECEIVE", OptionValue.named) ?? .websocket
    }

    func resolveEndpoint() throws -> Endpoint {
        do {
            if let url = endpoint ?? Environment["ENDPOINT"] { return try Endpoint(parsing: url) }
            if let region = region ?? Environment["REGION"] { return try Endpoint(region: region) }
        } catch {
            throw ValidationError("\(error)")
        }
        throw ValidationError("Say where the participant service is: --region eu-west-2 for the real one, --endpoint URL for another.")
    }

    func api(endpoint: Endpoint, http: any HTTPClient, time: any TimeSource, logger: Logger) throws -> ParticipantAPI {
        ParticipantAPI(endpoint: endpoint, http: http, time: time, pacer: Pacer(quotas: try quotaChoice().pace), logger: logger)
    }
}

/// Options may also come from `ATTACHE_*`; the command line wins.
enum Environment {
    static subscript(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["ATTACHE_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// - Throws: What is wrong with the variable, in the words of who reads it.
    static func value<Value>(_ name: String, _ read: (String) throws -> Value) throws -> Value? {
        guard let text = self[name] else { return nil }
        do {
            return try read(text)
        } catch {
            throw ValidationError("ATTACHE_\(name) has the value '\(text)', which cannot be used: \(error)")
        }
    }
}
