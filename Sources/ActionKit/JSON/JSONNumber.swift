public import FoundationEssentials

/// A JSON number that keeps the text it was written with: "19.90" stays "19.90".
///
/// Equality is by text, so 1 and 1.0 are different values.
public struct JSONNumber: Sendable, Hashable {
    /// Always valid by the grammar of RFC 8259.
    public let text: String

    /// The number with exactly this text; `nil` if it is not a JSON number ("01234", "+5", "1.", ".5", "NaN", " 5").
    public init?(exactly text: String) {
        let bytes = Array(text.utf8)
        guard (try? Self.end(in: bytes, from: 0)) == bytes.count else { return nil }
        self.text = text
    }

    /// A whole number.
    public init(_ value: Int) { text = String(value) }

    /// `nil` for NaN, which JSON does not have.
    public init?(_ value: Decimal) { self.init(exactly: value.description) }

    /// `nil` for NaN and the infinities, which JSON does not have.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        text = value.description
    }

    init(checked text: String) { self.text = text }
}

extension JSONNumber {
    /// The value, where `Decimal` can hold it exactly: at most 38 significant digits, and a power of ten that fits.
    public var decimal: Decimal? {
        var parts = Parts(text)
        guard !parts.digits.isEmpty else { return 0 }
        while parts.exponent > 127, parts.digits.count < 38 {
            parts.digits.append("0")
            parts.exponent -= 1
        }
        guard parts.digits.count <= 38, (-128...127).contains(parts.exponent) else { return nil }
        return Decimal(string: parts.sign + parts.digits + "e\(parts.exponent)")
    }

    /// The value, where it is a whole number that fits: 5, 5.0 and 5e2 have one, 5.5 has none.
    public var int: Int? {
        if let plain = Int(text) { return plain }
        let parts = Parts(text)
        guard !parts.digits.isEmpty else { return 0 }
        guard parts.exponent >= 0, parts.digits.count + parts.exponent <= 19 else { return nil }
        return Int(parts.sign + parts.digits + String(repeating: "0", count: parts.exponent))
    }

    /// The nearest binary value; infinite where the number is too large for one.
    public var double: Double { Double(text) ?? .nan }

    /// Whether the value has no fraction, however large it is.
    public var isWhole: Bool {
        if Int(text) != nil { return true }
        let parts = Parts(text)
        return parts.digits.isEmpty || parts.exponent >= 0
    }

    /// sign · digits · 10^exponent, the digits without zeros at either end (none at all for zero).
    private struct Parts {
        var sign = ""
        var digits = ""
        var exponent = 0

        init(_ text: String) {
            let halves = text.split(maxSplits: 1) { $0 == "e" || $0 == "E" }
            var mantissa = halves[0]
            if mantissa.first == "-" { sign = String(mantissa.removeFirst()) }
            // An exponent too long for Int is as good as any other that is out of every range.
            if halves.count == 2 { exponent = Int(halves[1]) ?? (halves[1].first == "-" ? -1_000_000_000 : 1_000_000_000) }
            exponent = min(max(exponent, -1_000_000_000), 1_000_000_000)
            let pieces = mantissa.split(separator: ".")
            let fraction = pieces.count == 2 ? pieces[1] : ""
            var all = (pieces[0] + fraction).drop { $0 == "0" }
            exponent -= fraction.count
            while all.last == "0" {
                all.removeLast()
                exponent += 1
            }
            digits = String(all)
        }
    }
}

extension JSONNumber {
    /// Where the number that begins at `start` ends.
    static func end(in bytes: [UInt8], from start: Int) throws(JSONError) -> Int {
        var index = start
        func digits(_ what: String) throws(JSONError) {
            let first = index
            while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
            if index == first { throw JSONError(offset: index, problem: "a number needs a digit \(what)") }
        }
        func next(_ characters: UInt8...) -> Bool {
            guard index < bytes.count, characters.contains(bytes[index]) else { return false }
            index += 1
            return true
        }
        _ = next(UInt8(ascii: "-"))
        if next(UInt8(ascii: "0")) {
            if index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
                throw JSONError(offset: index, problem: "a number must not begin with 0")
            }
        } else {
            try digits("here")
        }
        if next(UInt8(ascii: ".")) { try digits("after the point") }
        if next(UInt8(ascii: "e"), UInt8(ascii: "E")) {
            _ = next(UInt8(ascii: "+"), UInt8(ascii: "-"))
            try digits("in the exponent")
        }
        return index
    }
}

extension JSONNumber: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, CustomStringConvertible {
    public init(integerLiteral value: Int) { self.init(value) }

    /// A literal has the text of its binary value: write `JSONNumber(exactly: "19.90")` where the text matters.
    public init(floatLiteral value: Double) {
        precondition(value.isFinite, "JSON has no infinite numbers")
        text = value.description
    }

    public var description: String { text }
}
