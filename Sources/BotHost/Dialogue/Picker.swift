import ActionKit
import ConnectWire

/// What a `choose` shows, and what an answer to it means.
struct Picker {
    struct Option {
        let title: String
        let subtitle: String?
        /// The step's value when it is chosen.
        let value: JSON

        static let members = ["title", "subtitle", "value"]
    }

    /// A list picker shows up to six choices (admin guide, interactive messages).
    static let optionLimit = 6
    /// Quick replies are buttons in a row: for a few options that are short.
    private static let quickReplyLimit = (options: 3, characters: 25)

    let title: String
    let subtitle: String?
    let options: [Option]

    init(title: String, subtitle: String?, options: JSON) throws(StepFailure) {
        self.title = title
        self.subtitle = subtitle
        self.options = try Self.options(options)
    }

    static func options(_ value: JSON) throws(StepFailure) -> [Option] {
        guard let elements = value.arrayValue else { throw StepFailure(reason: "the options are not a list", kind: .invalid) }
        guard (1...optionLimit).contains(elements.count) else {
            throw StepFailure(reason: "\(elements.count) options: the service shows 1 to \(optionLimit)", kind: .invalid)
        }
        var options: [Option] = []
        for element in elements {
            let option = try Option(element)
            guard !options.contains(where: { $0.title.normalisedForComparison == option.title.normalisedForComparison }) else {
                throw StepFailure(reason: "two options have the title '\(option.title)'", kind: .invalid)
            }
            options.append(option)
        }
        return options
    }
}

extension Picker.Option {
    /// A text, which is also its value, or an object with a title.
    init(_ element: JSON) throws(StepFailure) {
        let name = element.objectValue == nil ? element : element["title"] ?? .null
        guard let title = try? name.text(), !title.normalisedForComparison.isEmpty else {
            throw StepFailure(reason: "an option has no title: \(element.briefly)", kind: .invalid)
        }
        self.title = title
        subtitle = try element["subtitle"].flatMap { subtitle throws(StepFailure) in subtitle.isNull ? nil : try subtitle.text() }
        value = element["value"] ?? name
    }
}

// MARK: On the wire

extension Picker {
    /// The content of the interactive message.
    var content: String {
        var content: [String: JSON] = ["title": .string(title), "elements": .array(options.map(\.element))]
        content["subtitle"] = subtitle.map(JSON.string)
        let message: JSON = ["templateType": .string(template), "version": "1.0", "data": ["content": .object(content)]]
        return message.serialized()
    }

    private var template: String {
        let limit = Self.quickReplyLimit
        let isBrief = options.allSatisfy { $0.subtitle == nil && $0.title.unicodeScalars.count <= limit.characters }
        return isBrief && (2...limit.options).contains(options.count) ? "QuickReply" : "ListPicker"
    }

    /// What the message chooses. Clients answer with the title as text, or with an interactive response, whose shape is not documented:
    /// there it is the option that the response names in a place of its own, or the only one that it names at all.
    func choice(by text: String, type: ContentType) -> Option? {
        guard type == .interactiveResponse || type == .json, let response = try? JSON(mending: text) else { return option(named: text) }
        for place in [response, response["data"] ?? .null] {
            for member in ["action", "selectedOption", "title", "value"] {
                if let option = place[member].flatMap({ try? $0.text() }).flatMap({ option(named: $0) }) { return option }
            }
        }
        let named = Set(response.texts.map(\.normalisedForComparison))
        let options = options.filter { named.contains($0.title.normalisedForComparison) }
        return options.count == 1 ? options[0] : nil
    }

    private func option(named text: String) -> Option? {
        options.first { $0.title.normalisedForComparison == text.normalisedForComparison }
    }
}

extension Picker.Option {
    fileprivate var element: JSON {
        var element: [String: JSON] = ["title": .string(title)]
        element["subtitle"] = subtitle.map(JSON.string)
        return .object(element)
    }
}

extension JSON {
    /// All texts in it, at any depth.
    fileprivate var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(\.texts)
        case .object(let members): members.values.flatMap(\.texts)
        case .number, .bool, .null: []
        }
    }
}
