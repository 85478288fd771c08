import ActionKit

/// Reads `path | filter: argument | filter` of a `{{...}}`.
enum ExpressionParser {
    static func parse(_ text: TemplateText, opening: Int) throws(TemplateError) -> Template.Expression {
        let pieces = text.split(by: "|")
        let path = try path(pieces[0], opening: opening)
        var filters: [TemplateFilter] = []
        for piece in pieces.dropFirst() { filters.append(try filter(piece, opening: opening)) }
        return Template.Expression(path: path, opening: opening, filters: filters)
    }

    private static func path(_ text: TemplateText, opening: Int) throws(TemplateError) -> ValuePath {
        let name = text.trimmed
        if let path = ValuePath(name) { return path }
        let problem =
            name.isEmpty
            ? "no value is named"
            : "'\(name)' does not name a value: names of letters, digits, _ and - with points between them"
        throw TemplateError(problem: problem, opening: opening, offset: text.offset)
    }

    private static func filter(_ text: TemplateText, opening: Int) throws(TemplateError) -> TemplateFilter {
        let halves = text.split(by: ":", maxSplits: 1)
        // Spelled out, since `nil` alone would be JSON's null.
        let argument = halves.count == 2 ? Optional(argument(halves[1].trimmed)) : Optional.none
        do {
            return try TemplateFilter(name: halves[0].trimmed, argument: argument)
        } catch {
            throw TemplateError(problem: error.problem, opening: opening, offset: text.offset)
        }
    }

    /// Quoted text, a number, true, false or null; anything else is text as it stands. Never a value's name.
    private static func argument(_ text: String) -> JSON {
        if let first = text.first, first == "\"" || first == "'", text.count > 1, text.last == first {
            return .string(String(text.dropFirst().dropLast()))
        }
        switch text {
        case "true": return true
        case "false": return false
        case "null": return .null
        default: return JSONNumber(exactly: text).map(JSON.number) ?? .string(text)
        }
    }
}
