import Yams

/// The parser's errors in words for the author of a bot file.
enum YAMLProblem {
    static let tooDeep = "nested too deep: a bot file has at most \(YAMLDocument.depthLimit) levels"

    static func unquotedTemplate(_ rest: String) -> String {
        let value = rest.firstRange(of: "}}").map { String(rest[..<$0.upperBound]) } ?? "{{...}}"
        let quotes = value.contains("\"") ? "'" : "\""
        return "quote it: in YAML, a text that begins with '{{' needs quotes, as in \(quotes)\(value)\(quotes)"
    }

    static func diagnostic(of error: any Error, in source: SourceText) -> Diagnostic {
        let start = SourceMark(line: 1, column: 1)
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _)?, .parser(let context, let problem, let mark, _)?:
            return syntax(problem, context, SourceMark(mark), in: source)
        case .composer(_, let problem, let mark, _)?:
            let message =
                problem == "found undefined alias"
                ? "no anchor of this name stands before the alias (and what an anchor names cannot contain itself)"
                : "a bot file is one YAML document, but another begins here"
            return source.diagnostic(message, at: SourceMark(mark))
        case .duplicatedKeysInMapping(let keys, let context)?:
            return duplicate(keys.first ?? "", SourceMark(context.mark), in: source)
        case .reader(let problem, let offset, _, let yaml)?:
            return source.diagnostic("not valid YAML: \(problem)", at: offset.map { place(of: $0, in: yaml) } ?? start)
        default:
            return source.diagnostic("not valid YAML: \(error)", at: start)
        }
    }

    private static func syntax(_ problem: String, _ context: YamlError.Context?, _ mark: SourceMark, in source: SourceText) -> Diagnostic {
        if let template = unquotedTemplate(before: mark, in: source) {
            return source.diagnostic(unquotedTemplate(source.rest(from: template)), at: template)
        }
        if source.rest(from: mark).hasPrefix("\t") {
            return source.diagnostic("a tab cannot indent YAML: use spaces", at: mark)
        }
        if let context, context.text.hasSuffix("quoted scalar") {
            return source.diagnostic("the quote that begins here is never closed", at: SourceMark(context.mark))
        }
        if problem.hasPrefix("Maximum nesting level") { return source.diagnostic(tooDeep, at: mark) }
        if problem.hasPrefix("mapping values are not allowed") {
            if source.line(mark.line).contains("when: idle:") {
                return source.diagnostic("'idle' with its time needs braces: 'when: { idle: 10m }'", at: mark)
            }
            let message = "a text with ': ' in it needs quotes around it (or the indentation of this line is wrong)"
            return source.diagnostic(message, at: mark)
        }
        let occasion = context.map { " \($0.text)" } ?? ""
        return source.diagnostic("not valid YAML: \(problem)\(occasion)", at: mark)
    }

    /// An unquoted `{{` before the place where the parser stumbled, which is then why.
    private static func unquotedTemplate(before end: SourceMark, in source: SourceText) -> SourceMark? {
        for number in stride(from: min(end.line, source.lines.count), through: max(1, end.line - 1), by: -1) {
            let line = source.line(number)
            guard let range = line.firstRange(of: "{{") else { continue }
            let before = line[..<range.lowerBound]
            guard before.allSatisfy(\.isWhitespace) || before.hasSuffix(": ") || before.hasSuffix("- ") else { continue }
            guard !before.contains("\""), !before.contains("'"), !before.contains("#") else { continue }
            let mark = SourceMark(line: number, column: before.unicodeScalars.count + 1)
            if mark <= end { return mark }
        }
        return nil
    }

    /// At the second of the two, where it can be found.
    private static func duplicate(_ key: String, _ first: SourceMark, in source: SourceText) -> Diagnostic {
        for number in first.line..<max(first.line, source.lines.count) {
            let candidate = SourceMark(line: number + 1, column: first.column)
            let rest = source.rest(from: candidate)
            guard rest.hasPrefix(key + ":") || rest.hasPrefix("\"\(key)\":") || rest.hasPrefix("'\(key)':") else { continue }
            return source.diagnostic("the key '\(key)' is already in line \(first.line)", at: candidate)
        }
        return source.diagnostic("the key '\(key)' is there twice", at: first)
    }

    private static func place(of offset: Int, in text: String) -> SourceMark {
        let before = SourceText(String(text.prefix(offset)), path: "")
        return SourceMark(line: before.lines.count, column: (before.lines.last?.scalars.count ?? 0) + 1)
    }
}
