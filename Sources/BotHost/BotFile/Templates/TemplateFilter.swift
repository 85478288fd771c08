import ActionKit

/// What can be made of a value on its way into a text.
enum TemplateFilter: Hashable, Sendable {
    /// Stands in for a value that is missing or null.
    case `default`(JSON)
    case upper
    case lower
    /// A date and time of ISO 8601, or seconds since 1970, in UTC by a pattern such as `d MMMM yyyy`.
    case date(String)
    /// Two decimals, or as many as the currency has, and the currency's code behind it.
    case money(String?)
    case join(String)
    /// The elements of a list, the members of an object, the characters of a text.
    case count
    case json

    static var names: [String] { BotLanguage.templateFilters.names }

    struct Misuse: Error {
        let problem: String
    }

    init(name: String, argument: JSON?) throws(Misuse) {
        func text() throws(Misuse) -> String? {
            guard let argument else { return nil }
            guard let text = try? argument.text() else { throw Misuse(problem: "'\(name)' takes a text, not \(argument)") }
            return text
        }
        switch name {
        case "default":
            guard let argument else { throw Misuse(problem: "'default' needs what to take instead: 'default: something'") }
            self = .default(argument)
            return
        case "date":
            self = .date(try text() ?? "yyyy-MM-dd")
            return
        case "money":
            let currency = try text()
            if let currency, !Money.isCurrency(currency) {
                throw Misuse(problem: "'\(currency)' is not a currency's code: three capital letters, as in EUR")
            }
            self = .money(currency)
            return
        case "join":
            self = .join(try text() ?? ", ")
            return
        case "upper": self = .upper
        case "lower": self = .lower
        case "count": self = .count
        case "json": self = .json
        default:
            let meant = nearest(to: name, in: Self.names).map { "Did you mean '\($0)'?" } ?? "Known: \(Self.names.joined(separator: ", "))."
            throw Misuse(problem: "unknown filter '\(name)'. \(meant)")
        }
        if argument != nil { throw Misuse(problem: "'\(name)' takes no argument") }
    }
}

extension TemplateFilter {
    /// - Parameter path: Names the value in errors.
    func apply(to value: JSON?, of path: ValuePath) throws(StepFailure) -> JSON? {
        if case .default(let substitute) = self {
            guard let value, !value.isNull else { return substitute }
            return value
        }
        guard let value, !value.isNull else { throw StepFailure(reason: "'\(path)' has no value", kind: .invalid) }
        do {
            let made = try make(of: value)
            try made.checkLimits()
            return made
        } catch {
            throw StepFailure(reason: "'\(path)' \(error.reason)", kind: .invalid)
        }
    }

    private func make(of value: JSON) throws(StepFailure) -> JSON {
        switch self {
        case .default: value
        case .upper: .string(try value.text().uppercased())
        case .lower: .string(try value.text().lowercased())
        case .date(let pattern): .string(try DateText.format(value, by: pattern))
        case .money(let currency): .string(try Money.format(value, in: currency))
        case .join(let separator): .string(try Self.join(value, by: separator))
        case .count: .number(JSONNumber(try Self.count(value)))
        case .json: .string(value.serialized())
        }
    }

    private static func join(_ value: JSON, by separator: String) throws(StepFailure) -> String {
        guard let elements = value.arrayValue else { throw StepFailure(reason: "is not a list to join", kind: .invalid) }
        var meter = ValueMeter()
        var texts: [String] = []
        for element in elements {
            let text = try element.text()
            // Before it is made: a long separator is repeated for every element.
            try meter.add(text.utf8.count + separator.utf8.count)
            texts.append(text)
        }
        return texts.joined(separator: separator)
    }

    private static func count(_ value: JSON) throws(StepFailure) -> Int {
        switch value {
        case .array(let elements): elements.count
        case .object(let members): members.count
        default: try value.text().count
        }
    }
}
