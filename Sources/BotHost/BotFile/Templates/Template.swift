/// A text with places for values, ready to be filled in.
struct Template: Sendable {
    let parts: [Part]

    indirect enum Part: Sendable {
        case text(String)
        case value(Expression)
        case each(Expression, [Part])
        case branch(Expression, then: [Part], else: [Part])
    }

    /// A value, and what is to be made of it: `path | filter: argument`.
    struct Expression: Sendable {
        let path: ValuePath
        /// Which `{{` of the text it stands in, from 0.
        let opening: Int
        let filters: [TemplateFilter]

        /// Whether it stands for something even where the path leads nowhere.
        var hasDefault: Bool {
            filters.contains { if case .default = $0 { true } else { false } }
        }
    }

    /// The expression, if the text is nothing but one (and white space around it).
    var soleExpression: Expression? {
        var sole: Expression?
        for part in parts {
            switch part {
            case .text(let text) where text.allSatisfy(\.isWhitespace): continue
            case .value(let expression) where sole == nil: sole = expression
            default: return nil
            }
        }
        return sole
    }

    /// The text itself, if there is no place for a value in it.
    var constant: String? {
        switch parts.first {
        case nil: ""
        case .text(let text)? where parts.count == 1: text
        default: nil
        }
    }

    /// Everything that it takes a value from.
    var expressions: [Expression] { Self.expressions(of: parts) }

    private static func expressions(of parts: [Part]) -> [Expression] {
        parts.flatMap { (part: Part) -> [Expression] in
            switch part {
            case .text: []
            case .value(let expression): [expression]
            case .each(let list, let body): [list] + expressions(of: body)
            case .branch(let condition, let then, let otherwise):
                [condition] + expressions(of: then) + expressions(of: otherwise)
            }
        }
    }
}
