/// Why a text is not a template.
struct TemplateError: Error {
    let problem: String
    /// Which `{{` of the text, from 0.
    let opening: Int
    /// How many Unicode scalars behind that `{{` begins.
    let offset: Int
}

/// Reads the `{{...}}` in a text.
struct TemplateParser {
    private static let depthLimit = 16

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var opening = -1

    static func parse(_ text: String) throws(TemplateError) -> Template {
        var parser = TemplateParser(scalars: Array(text.unicodeScalars))
        let (parts, _) = try parser.parts(until: [], depth: 0)
        return Template(parts: parts)
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    /// What stands between `{{` and `}}`.
    private struct Tag {
        var content: TemplateText
        var opening: Int

        func error(_ problem: String) -> TemplateError {
            TemplateError(problem: problem, opening: opening, offset: 0)
        }
    }

    /// The parts up to one of the closing tags, and which of them it was; up to the end, if there is none to wait for.
    private mutating func parts(until closings: [String], depth: Int) throws(TemplateError) -> ([Template.Part], closing: String?) {
        var parts: [Template.Part] = []
        let opener = opening
        while position < scalars.count {
            let text = text()
            if !text.isEmpty { parts.append(.text(text)) }
            guard let tag = try tag() else { break }
            let word = tag.content.trimmed
            if closings.contains(word) { return (parts, word) }
            parts.append(try part(tag, word, depth: depth))
        }
        guard closings.isEmpty else {
            let wanted = closings.map { "{{\($0)}}" }.joined(separator: " or ")
            throw TemplateError(problem: "\(wanted) is missing", opening: opener, offset: 0)
        }
        return (parts, nil)
    }

    private mutating func part(_ tag: Tag, _ word: String, depth: Int) throws(TemplateError) -> Template.Part {
        guard word.hasPrefix("#") || word.hasPrefix("/") || word == "else" else {
            return .value(try ExpressionParser.parse(tag.content, opening: tag.opening))
        }
        guard depth < Self.depthLimit else { throw tag.error("blocks are nested more than \(Self.depthLimit) deep") }
        if let list = tag.content.after("#each") {
            let expression = try ExpressionParser.parse(list, opening: tag.opening)
            return .each(expression, try parts(until: ["/each"], depth: depth + 1).0)
        }
        if let condition = tag.content.after("#if") {
            let expression = try ExpressionParser.parse(condition, opening: tag.opening)
            let (then, closing) = try parts(until: ["else", "/if"], depth: depth + 1)
            let otherwise = closing == "else" ? try parts(until: ["/if"], depth: depth + 1).0 : []
            return .branch(expression, then: then, else: otherwise)
        }
        switch word {
        case "/each", "/if", "else": throw tag.error("{{\(word)}} has no block to belong to")
        default: throw tag.error("unknown block '\(word)'. Known: #each, #if.")
        }
    }

    /// The text up to the next tag, without the line of a block's tag that stands alone on it.
    private mutating func text() -> String {
        let start = position
        while position < scalars.count, !isAt("{", "{") { position += 1 }
        var end = position
        if position < scalars.count, let line = lineOfBlockTag(at: position) { end = max(start, line.lowerBound) }
        return String(String.UnicodeScalarView(scalars[start..<end]))
    }

    private mutating func tag() throws(TemplateError) -> Tag? {
        guard position < scalars.count else { return nil }
        opening += 1
        let line = lineOfBlockTag(at: position)
        guard let end = end(ofTagAt: position) else {
            throw TemplateError(problem: "'{{' is never closed: '}}' is missing", opening: opening, offset: 0)
        }
        let content = TemplateText(scalars: scalars[(position + 2)..<(end - 2)], offset: 2)
        position = line?.upperBound ?? end
        return Tag(content: content, opening: opening)
    }

    /// Behind the `}}` that closes the tag. A quoted argument may contain braces.
    private func end(ofTagAt start: Int) -> Int? {
        var quotes = QuoteTracker()
        for index in (start + 2)..<max(start + 2, scalars.count - 1) {
            guard !quotes.isQuoted(scalars[index]) else { continue }
            if scalars[index] == "}", scalars[index + 1] == "}" { return index + 2 }
        }
        return nil
    }

    private func isAt(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        position + 1 < scalars.count && scalars[position] == first && scalars[position + 1] == second
    }

    /// The line, with its end, if the tag is a block's and has the line for itself.
    private func lineOfBlockTag(at start: Int) -> Range<Int>? {
        guard let tagEnd = end(ofTagAt: start) else { return nil }
        let word = TemplateText(scalars: scalars[(start + 2)..<(tagEnd - 2)], offset: 2).trimmed
        guard word.hasPrefix("#") || word.hasPrefix("/") || word == "else" else { return nil }
        var lower = start
        while lower > 0, scalars[lower - 1] == " " || scalars[lower - 1] == "\t" { lower -= 1 }
        var upper = tagEnd
        while upper < scalars.count, scalars[upper] == " " || scalars[upper] == "\t" { upper += 1 }
        guard lower == 0 || scalars[lower - 1] == "\n", upper == scalars.count || scalars[upper] == "\n" else { return nil }
        // A text of one line is not made of lines.
        guard lower > 0 || upper < scalars.count else { return nil }
        return lower..<min(upper + 1, scalars.count)
    }
}
