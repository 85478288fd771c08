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

    @Option(help: "How items arrive: websocket, or poll. A service that refuses a WebSocket is polled. [ATTACHE_RECEIVE]")
    var receive: ParticipantConnection.Receive?

    @Option(
        help: ArgumentHelp("The pace of calls: documented, off, or a JSON file with quotas by API. [ATTACHE_QUOTAS]", valueName: "quotas")
    )
    var quotas: QuotaChoice?

    func receiveMode() throws -> ParticipantConnection.Receive {
        try receive ?? Environment.value("RECEIVE") ?? .websocket
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
        let choice = try quotas ?? Environment.value("QUOTAS") ?? .documented
        return ParticipantAPI(endpoint: endpoint, http: http, time: time, pacer: Pacer(quotas: choice.pace), logger: logger)
    }
}

extension ParticipantConnection.Receive: ExpressibleByArgument {}

/// Options may also come from `ATTACHE_*`; the command line wins.
enum Environment {
    static subscript(_ name: String) -> String? {
        ProcessInfo.processInfo.environment["ATTACHE_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }

    static func value<Value: ExpressibleByArgument>(_ name: String) throws -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = Value(argument: text) else {
            let known = Value.allValueStrings.isEmpty ? "" : " It can be: \(Value.allValueStrings.joined(separator: ", "))."
            throw ValidationError("ATTACHE_\(name) has the value '\(text)', which cannot be used.\(known)")
        }
        return value
    }
}
