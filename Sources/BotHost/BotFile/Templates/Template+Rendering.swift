import ActionKit

extension Template {
    /// The text with its values filled in.
    ///
    /// - Parameter isMarkdown: The values, not the text around them, are kept from being taken for markup.
    func render(in scope: Scope, isMarkdown: Bool = false) throws(StepFailure) -> String {
        var renderer = TemplateRenderer(scope: scope, isMarkdown: isMarkdown)
        try renderer.render(parts)
        return renderer.text
    }
}

/// Fills in one template.
struct TemplateRenderer {
    static let repetitionLimit = 10_000

    private var scope: Scope
    private let isMarkdown: Bool
    private(set) var text = ""
    private var repetitions = 0

    init(scope: Scope, isMarkdown: Bool) {
        self.scope = scope
        self.isMarkdown = isMarkdown
    }

    mutating func render(_ parts: [Template.Part]) throws(StepFailure) {
        for part in parts {
            switch part {
            case .text(let text): try append(text)
            case .value(let expression): try append(value(of: expression))
            case .each(let list, let body): try render(body, forEach: list)
            case .branch(let condition, let then, let otherwise):
                let holds = try condition.evaluateIfPresent(in: scope)?.isTruthy ?? false
                try render(holds ? then : otherwise)
            }
        }
    }

    private mutating func render(_ body: [Template.Part], forEach list: Template.Expression) throws(StepFailure) {
        guard let value = try list.evaluate(in: scope) else { throw list.isMissing }
        guard let elements = value.arrayValue else { throw StepFailure(reason: "'\(list.path)' is not a list", kind: .invalid) }
        let outer = scope.element
        defer { scope.element = outer }
        for element in elements {
            repetitions += 1
            guard repetitions <= Self.repetitionLimit else {
                throw StepFailure(reason: "#each goes round more than \(Self.repetitionLimit) times", kind: .invalid)
            }
            scope.element = element
            try render(body)
        }
    }

    private func value(of expression: Template.Expression) throws(StepFailure) -> String {
        guard let value = try expression.evaluate(in: scope) else { throw expression.isMissing }
        do {
            let text = try value.text()
            return isMarkdown ? Self.escaped(text) : text
        } catch {
            throw StepFailure(reason: "'\(expression.path)' \(error.reason)", kind: .invalid)
        }
    }

    private mutating func append(_ piece: String) throws(StepFailure) {
        // A message has to be far shorter; this keeps lists within lists from filling the memory.
        guard text.utf8.count + piece.utf8.count <= ValueLimits.bytes else {
            throw StepFailure(reason: "the text is longer than \(ValueLimits.bytes) bytes", kind: .invalid)
        }
        text += piece
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            if "\\`*_{}[]()#+-.!|<>~".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }
}
