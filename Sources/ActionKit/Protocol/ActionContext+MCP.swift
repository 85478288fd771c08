import FoundationEssentials

extension ActionContext {
    /// The context as it travels with a call, in `_meta`. What only the host's own process can do (the transcript) does not travel.
    package var meta: JSON {
        var meta: JSON = [
            "contact": contact.json,
            "participant": participant.json,
            "variables": .object(variables),
            "now": .string(now.formatted(Self.timestamps)),
            "timeZone": .string(timeZone.identifier),
            "spool": .string(spool),
        ]
        meta["idempotencyKey"] = idempotencyKey.map(JSON.string)
        return meta
    }

    /// The context of a call that came from elsewhere. What the caller does not say is empty, GMT, or the folder for temporary files.
    init(
        of call: ToolCall,
        now: Date,
        progress: @escaping @Sendable (String?) async -> Void,
        log: @escaping @Sendable (LogLevel, String) -> Void
    ) {
        let meta = call.context
        self.init(
            contact: Contact(json: meta["contact"]),
            participant: Participant(json: meta["participant"]),
            variables: meta["variables"]?.objectValue ?? [:],
            idempotencyKey: meta["idempotencyKey"]?.stringValue,
            answers: call.answers,
            state: call.state,
            now: meta["now"]?.stringValue.flatMap(Self.date) ?? now,
            timeZone: meta["timeZone"]?.stringValue.flatMap(TimeZone.init(identifier:)) ?? .gmt,
            spool: call.spool ?? FileManager.default.temporaryDirectory.path,
            transcript: {
                throw ActionError("the transcript is only there for built-in actions; pass what the action needs of it as a parameter")
            },
            progress: progress,
            log: log
        )
    }

    private static let timestamps = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private static func date(_ text: String) -> Date? {
        (try? timestamps.parse(text)) ?? (try? Date.ISO8601FormatStyle().parse(text))
    }
}

extension ToolCall {
    /// The folder for this call's files, where the caller gives one.
    var spool: String? { context["spool"]?.stringValue.flatMap { $0.hasPrefix("/") ? $0 : nil } }
}

extension ActionContext.Contact {
    fileprivate var json: JSON {
        var json: JSON = ["attributes": .object(attributes.mapValues(JSON.string))]
        json["id"] = id.map(JSON.string)
        return json
    }

    fileprivate init(json: JSON?) {
        self.init(id: json?["id"]?.stringValue, attributes: (json?["attributes"]?.objectValue ?? [:]).compactMapValues(\.stringValue))
    }
}

extension ActionContext.Participant {
    fileprivate var json: JSON {
        var json: JSON = ["role": .string(role), "displayName": .string(displayName)]
        json["id"] = id.map(JSON.string)
        return json
    }

    fileprivate init(json: JSON?) {
        self.init(
            id: json?["id"]?.stringValue,
            role: json?["role"]?.stringValue ?? "",
            displayName: json?["displayName"]?.stringValue ?? ""
        )
    }
}
