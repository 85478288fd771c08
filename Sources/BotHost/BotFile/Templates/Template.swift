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

    /// The paths that have to lead somewhere.
    var neededPaths: [ValuePath] { Self.neededPaths(of: parts) }

    private static func neededPaths(of parts: [Part]) -> [ValuePath] {
        parts.flatMap { (part: Part) -> [ValuePath] in
            switch part {
            case .text: []
            case .value(let expression): expression.hasDefault ? [] : [expression.path]
            case .each(let list, let body): (list.hasDefault ? [] : [list.path]) + neededPaths(of: body)
            case .branch(_, let then, let otherwise): neededPaths(of: then) + neededPaths(of: otherwise)
            }
        }
    }
}
