import ConnectWire

extension BotDefinition {
    /// A behaviour or a step, where it stands.
    package struct Reachable: Hashable, Sendable {
        /// What ``DialogueStep/reached`` names it by.
        package let mark: SourceMark
        /// As in `when: message`, `say`, `documents.receipt`.
        package let what: String
    }

    /// All that a conversation can reach, in the order of the file.
    package var places: [Reachable] {
        let steps = blocks.flatMap(\.steps).map { Reachable(mark: $0.mark, what: $0.kind.name) }
        // What an alias stands for is one place.
        return Set(behaviours.map { Reachable(mark: $0.mark, what: $0.title) } + steps).sorted { $0.mark < $1.mark }
    }
}

extension Behaviour {
    /// As a person would name it.
    var title: String {
        switch trigger {
        case nil: "name: \(name ?? "")"
        case .joined?: "when: joined"
        case .message?:
            filter.says.first.map { "when: message, says: \($0)" } ?? filter.matches.map { "when: message, matches: \($0.source)" }
                ?? "when: message"
        case .attachment?: "when: attachment"
        case .event(let type)?: type.map { "when: event, type: \($0.eventName ?? $0.rawValue)" } ?? "when: event"
        case .idle(let time)?: "when: idle: \(time.briefly)"
        case .unmatched?: "when: unmatched"
        case .failed?: "when: failed"
        case .ended?: "when: ended"
        }
    }
}

extension Step.Kind {
    /// As the bot file writes it.
    var name: String {
        switch self {
        case .say: "say"
        case .ask: "ask"
        case .choose: "choose"
        case .typing: "typing"
        case .attach: "attach"
        case .set: "set"
        case .branch: "if"
        case .each: "each"
        case .log: "log"
        case .wait: "wait"
        case .run: "run"
        case .stop: "stop"
        case .leave: "leave"
        case .call(let call): "\(call.module).\(call.action)"
        }
    }
}
