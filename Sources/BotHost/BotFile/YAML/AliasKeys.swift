/// Finds keys that are, or contain, aliases.
///
/// Yams hashes every key with all that its aliases stand for, which a few lines can make last for ever; so such keys have to be found before it
/// reads the text. This looks at words, not at YAML, and so only in files where an alias and its anchor both seem to be.
enum AliasKeys {
    static func first(in source: SourceText) -> SourceMark? {
        let anchors = names(after: "&", in: source)
        guard !anchors.isEmpty, !anchors.isDisjoint(with: names(after: "*", in: source)) else { return nil }
        for (index, line) in source.lines.enumerated() where line.scalars.contains("*") || line.scalars.contains("?") {
            if let column = column(ofKeyIn: line, anchors) { return SourceMark(line: index + 1, column: column) }
        }
        return nil
    }

    private static func column(ofKeyIn line: SourceText.Line, _ anchors: Set<String>) -> Int? {
        let words = words(of: line)
        // The end of the last list or mapping that is a key: an alias before it may be within.
        let lastEnd = words.indices.dropLast().last { ["]", "}"].contains(words[$0].text) && words[$0 + 1].text.hasPrefix(":") } ?? 0
        for (index, word) in words.enumerated() {
            switch word.text.first {
            case "?" where word.text == "?" && (index == 0 || ["-", "{", "[", ",", ":"].contains(words[index - 1].text)): return word.column
            case "*":
                guard anchors.contains(name(in: word.text)) else { continue }
                // In flow style, the colon needs no space behind it.
                let rest = word.text.dropFirst(1 + name(in: word.text).count)
                let isKey = rest.isEmpty ? words.dropFirst(index + 1).first?.text == ":" : rest.hasPrefix(":")
                if isKey || index < lastEnd { return word.column }
            default: continue
            }
        }
        return nil
    }

    private static func names(after indicator: Unicode.Scalar, in source: SourceText) -> Set<String> {
        var names: Set<String> = []
        for line in source.lines where line.scalars.contains(indicator) {
            for word in words(of: line) where word.text.unicodeScalars.first == indicator { names.insert(name(in: word.text)) }
        }
        return names.subtracting([""])
    }

    /// Of an anchor or an alias, as libYAML reads it.
    private static func name(in word: String) -> String {
        String(word.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
    }

    /// The words between white space, with each of `[ ] { } ,` as a word of its own.
    private static func words(of line: SourceText.Line) -> [(text: String, column: Int)] {
        var words: [(text: String, column: Int)] = []
        var isInWord = false
        for (index, scalar) in line.scalars.enumerated() {
            switch scalar {
            case " ", "\t": isInWord = false
            case "[", "]", "{", "}", ",":
                words.append((String(scalar), index + 1))
                isInWord = false
            default:
                if isInWord {
                    words[words.count - 1].text.unicodeScalars.append(scalar)
                } else {
                    words.append((String(scalar), index + 1))
                }
                isInWord = true
            }
        }
        return words
    }
}
