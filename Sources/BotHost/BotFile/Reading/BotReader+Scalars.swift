import ActionKit
import Logging
import Transport

/// Texts and what is written as one.
extension BotReader {
    /// A text as it stands, whatever YAML might take it for.
    mutating func text(_ node: YAMLNode, _ what: String) -> String? {
        guard let text = node.text, !node.isNull, !text.isEmpty else {
            return refuse("\(what) is a text, not \(node.text == "" ? "nothing" : node.kindName)", at: node.mark)
        }
        return text
    }

    mutating func template(_ node: YAMLNode, _ what: String) -> Template? {
        text(node, what).flatMap { template(of: $0, at: node.mark) }
    }

    mutating func template(of text: String, at mark: SourceMark) -> Template? {
        do {
            let template = try TemplateParser.parse(text)
            let expressions = template.expressions
            let places = placesOfOpenings(upTo: expressions.last?.opening ?? -1, from: mark)
            for expression in expressions {
                let place = places.indices.contains(expression.opening) ? places[expression.opening] : mark
                use(expression.path.root, at: place, isOptional: expression.hasDefault)
            }
            return template
        } catch {
            let places = placesOfOpenings(upTo: error.opening, from: mark)
            let place = places.count > error.opening ? places.last ?? mark : mark
            return refuse(error.problem, at: place.advanced(by: error.offset))
        }
    }

    /// In the file, where the text is from.
    private func placesOfOpenings(upTo last: Int, from mark: SourceMark) -> [SourceMark] {
        source.places(of: "{{", from: mark, count: last + 1)
    }

    mutating func pattern(_ node: YAMLNode, _ what: String) -> Pattern? {
        guard let text = text(node, what) else { return nil }
        do {
            let pattern = try Pattern(text)
            for name in pattern.groups.keys.sorted() { _ = valueName(name, at: node.mark) }
            return pattern
        } catch {
            return refuse(error.description, at: place(ofPatternError: error, text, node.mark))
        }
    }

    /// Within the pattern, where it stands in the file as PCRE2 gets it.
    private func place(ofPatternError error: PatternError, _ text: String, _ mark: SourceMark) -> SourceMark {
        guard case .syntax(_, let offset) = error, let start = source.places(of: text, from: mark, count: 1, lines: 1).first else {
            return mark
        }
        return start.advanced(by: offset)
    }

    /// `5s`, `500ms`, `2m`, `1h`.
    mutating func duration(_ node: YAMLNode, _ what: String) -> Duration? {
        guard let text = text(node, what) else { return nil }
        let written = WrittenDuration(text)
        guard written.count != nil else {
            return refuse("'\(text)' is not a duration: a number and a unit, as in 5s, 500ms, 2m, 1h", at: node.mark)
        }
        if written.suffix.isEmpty { return refuse("'\(text)' has no unit: write \(text)s, \(text)m, \(text)h or \(text)ms", at: node.mark) }
        guard let unit = written.unit, unit != .days else {
            return refuse("'\(text)' is not a duration: the units are ms, s, m and h", at: node.mark)
        }
        // A chat lasts seven days at most.
        guard let duration = written.duration(in: [unit], upTo: .seconds(7 * 86_400)), duration > .zero else {
            return refuse("'\(text)' is out of range: more than nothing, and at most 168h", at: node.mark)
        }
        return duration
    }

    mutating func count(_ node: YAMLNode, _ what: String, from least: Int = 0, upTo limit: Int) -> Int? {
        guard let text = node.text, let count = Int(text), (least...limit).contains(count) else {
            return refuse("\(what) is a whole number from \(least) to \(limit)", at: node.mark)
        }
        return count
    }

    mutating func boolean(_ node: YAMLNode, _ what: String) -> Bool? {
        switch node.text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: refuse("\(what) is true or false", at: node.mark)
        }
    }

    /// `64KB`, `256MB`, `2GB`, by 1,024.
    mutating func bytes(_ node: YAMLNode, _ what: String) -> Int? {
        guard let text = text(node, what) else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let shifts: [Substring: Int] = ["KB": 10, "MB": 20, "GB": 30]
        guard let count = Int(digits), (1...1_000_000).contains(count), let shift = shifts[text.dropFirst(digits.count)] else {
            return refuse("'\(text)' is not a size: a number and a unit, as in 512KB, 256MB, 2GB", at: node.mark)
        }
        return count << shift
    }

    mutating func logLevel(_ node: YAMLNode) -> Logger.Level? {
        guard let name = text(node, "'level'") else { return nil }
        if let level = Logger.Level(rawValue: name) { return level }
        return refuse(unknown("level", name, Logger.Level.allCases.map(\.rawValue)), at: node.mark)
    }

    /// A name that the file gives to a value.
    ///
    /// - Parameter isLasting: Whether the value belongs to the session, not only to the run.
    mutating func valueName(_ name: String, at mark: SourceMark, isLasting: Bool = false) -> String? {
        guard let path = ValuePath(name), path.rest.isEmpty, !(name.first?.isNumber ?? true) else {
            return refuse("'\(name)' cannot name a value: letters, digits, _ and -, beginning with a letter or _", at: mark)
        }
        guard !Scope.givenNames.contains(name) else {
            return refuse("'\(name)' is given, so nothing else can have that name", at: mark)
        }
        namesGiven.note(name, in: isLasting ? nil : behaviour)
        return name
    }

    func unknown(_ what: String, _ name: String, _ known: [String]) -> String {
        let meant = nearest(to: name, in: known).map { "Did you mean '\($0)'?" }
        return "unknown \(what) '\(name)'. \(meant ?? "Known: \(known.joined(separator: ", ")).")"
    }
}
