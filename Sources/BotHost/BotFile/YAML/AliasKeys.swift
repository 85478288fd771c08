/// Finds keys that are, or contain, aliases.
///
/// Yams hashes every key with all that its aliases stand for, which a few lines can make last for ever; so such keys have to be found before it
/// reads the text. This looks at words, not at YAML, and so only in files where an alias and its anchor both seem to be.
enum AliasKeys {
    static func first(in source: SourceText) -> SourceMark? {
        let anchors = names(after: "&", in: source)
        guard !anchors.isEmpty, !anchors.isDisjoint(with: names(after: "*", in: source)) else { return nil }
        for (index, scalars) in source.lines.enumerated() where scalars.contains("*") || scalars.contains("?") {
            if let column = column(ofKeyIn: String(scalars), anchors) { return SourceMark(line: index + 1, column: column) }
        }
        return nil
    }

    private static func column(ofKeyIn line: String, _ anchors: Set<String>) -> Int? {
        let words = words(of: line)
        for (index, word) in words.enumerated() {
            let following = words[(index + 1)...]
            switch word.text.first {
            case "?" where word.text == "?" && words[..<index].allSatisfy({ ["-", "{", ","].contains($0.text) }): return word.column
            case "*":
                let name = String(word.text.dropFirst())
                if name.hasSuffix(":"), anchors.contains(String(name.dropLast())) { return word.column }
                guard anchors.contains(name) else { continue }
                if following.first?.text == ":" { return word.column }
                // A list or mapping that ends and is then a key.
                for (closing, next) in zip(following, following.dropFirst()) where closing.text == "]" || closing.text == "}" {
                    if next.text.hasPrefix(":") { return word.column }
                }
            default: continue
            }
        }
        return nil
    }

    private static func names(after indicator: Character, in source: SourceText) -> Set<String> {
        var names: Set<String> = []
        for line in source.lines where line.contains(where: { Character($0) == indicator }) {
            for word in words(of: String(line)) where word.text.first == indicator && word.text.count > 1 {
                let name = word.text.dropFirst()
                names.insert(String(name.last == ":" ? name.dropLast() : name))
            }
        }
        return names
    }

    /// The words between white space, with each of `[ ] { } ,` as a word of its own.
    private static func words(of line: String) -> [(text: String, column: Int)] {
        var words: [(text: String, column: Int)] = []
        var isInWord = false
        for (index, scalar) in line.unicodeScalars.enumerated() {
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
