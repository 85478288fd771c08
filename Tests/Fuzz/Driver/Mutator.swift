/// Makes inputs of a corpus and of the words that a format is made of. The same seed makes the same inputs.
struct Mutator {
    /// Longer ones cost time and find nothing that these do not.
    private static let lengthLimit = 1 << 14

    private let corpus: [[UInt8]]
    private let tokens: [[UInt8]]
    private var random: SplitMix64

    init(corpus: [[UInt8]], tokens: [String], seed: UInt64) {
        self.corpus = corpus.isEmpty ? [[]] : corpus
        self.tokens = tokens.map { Array($0.utf8) } + Self.commonTokens.map { Array($0.utf8) } + Self.invalidUTF8
        random = SplitMix64(state: seed)
    }

    mutating func next() -> [UInt8] {
        var input = pick(corpus)
        for _ in 0..<Int.random(in: 1...6, using: &random) { change(&input) }
        return Array(input.prefix(Self.lengthLimit))
    }

    private mutating func change(_ input: inout [UInt8]) {
        let range = range(in: input)
        switch Int.random(in: 0..<11, using: &random) {
        case 0: if !range.isEmpty { input[range.lowerBound] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 1: if !range.isEmpty { input[range.lowerBound] = .random(in: 0...255, using: &random) }
        case 2: input.removeSubrange(range)
        case 3, 4: input.insert(contentsOf: pick(tokens), at: range.lowerBound)
        case 5: input.replaceSubrange(range, with: pick(tokens))
        case 6: input.replaceSubrange(range, with: json(depth: 0))
        case 7: input.insert(contentsOf: input[range], at: range.lowerBound)
        case 8: repeatPart(range, of: &input)
        case 9: nest(range, of: &input)
        default: splice(&input, at: range.lowerBound)
        }
    }

    /// Up to a few thousand times: for what must not be quadratic.
    private mutating func repeatPart(_ range: Range<Int>, of input: inout [UInt8]) {
        let part = range.isEmpty ? pick(tokens) : Array(input[range.prefix(64)])
        let count = 1 << Int.random(in: 1...12, using: &random)
        let times = min(count, Self.lengthLimit / max(1, part.count))
        input.insert(contentsOf: repeatElement(part, count: times).joined(), at: range.lowerBound)
    }

    /// Puts brackets around a part, up to a thousand times: for what recurses.
    private mutating func nest(_ range: Range<Int>, of input: inout [UInt8]) {
        let (opening, closing) = pick(Self.brackets)
        let depth = 1 << Int.random(in: 0...10, using: &random)
        let before = Array(repeatElement(Array(opening.utf8), count: depth).joined())
        let after = Array(repeatElement(Array(closing.utf8), count: depth).joined())
        input.replaceSubrange(range, with: before + input[range] + after)
    }

    private mutating func splice(_ input: inout [UInt8], at index: Int) {
        let other = pick(corpus)
        let start = Int.random(in: 0...other.count, using: &random)
        input.replaceSubrange(index..., with: other[start...])
    }

    // MARK: Grammar

    /// A JSON value of the format's words.
    private mutating func json(depth: Int) -> [UInt8] {
        let count = Int.random(in: 0...3, using: &random)
        switch Int.random(in: 0..<(depth < 4 ? 6 : 4), using: &random) {
        case 0: return pick(tokens)
        case 1: return Array(pick(Self.numbers).utf8)
        case 2: return Array(pick(["null", "true", "false", "\"\"", "[]", "{}"]).utf8)
        case 3: return [UInt8(ascii: "\"")] + pick(tokens).filter { $0 != UInt8(ascii: "\"") } + [UInt8(ascii: "\"")]
        case 4:
            let elements = (0..<count).map { _ in json(depth: depth + 1) }
            return Array("[".utf8) + elements.joined(separator: ",".utf8) + "]".utf8
        default:
            let members = (0..<count).map { "\"\(Character(Unicode.Scalar(UInt8(97 + $0))))\":".utf8 + json(depth: depth + 1) }
            return Array("{".utf8) + members.joined(separator: ",".utf8) + "}".utf8
        }
    }

    // MARK: Chance

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &random)]
    }

    /// Mostly a short one, anywhere.
    private mutating func range(in input: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0...input.count, using: &random)
        let length = Int.random(in: 0...(1 << Int.random(in: 0...7, using: &random)), using: &random)
        return start..<min(input.count, start + length)
    }

    private static let brackets = [
        ("[", "]"), ("{\"a\":", "}"), ("{", "}"), ("(", ")"), ("{{#if a}}", "{{/if}}"), ("\"", "\""), ("- ", "\n"),
    ]

    private static let numbers = [
        "0", "-1", "1e999", "-0", "1e-400", "9223372036854775807", "9223372036854775808", "18446744073709551616", "-9223372036854775809",
        "4294967296", "0.1", "1e308", "123456789012345678901234567890123456789012345", "1e127", "1E+9999999999",
    ]

    private static let commonTokens =
        numbers + [
            "\0", "\n", "\r\n", "\t", " ", "\u{FEFF}", "\u{85}", "\u{2028}", "\u{202E}", "\u{301}", "e\u{301}", "é", "👩‍👩‍👧‍👦", "🇩🇪", "\u{10FFFF}",
            "İ",
            "ß", "\\", "\"", "'", "#", "%", "${x}", "../", "\u{FFFD}",
        ]

    private static let invalidUTF8: [[UInt8]] = [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF], [0xE2, 0x82]]
}

/// Small, and the same everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
