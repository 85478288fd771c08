import ActionKit
import FoundationEssentials

/// A decimal number that is exact or not at all: `units` / 10^`scale`. Binary fractions cannot hold 0.10, and `Decimal` rounds silently.
struct ExactDecimal: Equatable {
    private let units: Int128
    /// Digits after the point, as written: 1.50 has two.
    let scale: Int

    static let zero = ExactDecimal(units: 0, scale: 0)

    /// `nil` if the number has more than 18 digits after the point, or more in all than are ever exact.
    init?(_ number: JSONNumber) {
        let isPlain = !number.text.utf8.contains { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
        guard let text = isPlain ? number.text : number.decimal?.description else { return nil }
        let parts = text.split(separator: ".")
        let fraction = parts.count == 2 ? parts[1] : ""
        guard fraction.count <= 18, let units = Int128(parts[0] + fraction) else { return nil }
        self.init(units: units, scale: fraction.count)
    }

    private init(units: Int128, scale: Int) {
        self.units = units
        self.scale = scale
    }

    /// `nil` if the product is too large.
    func multiplied(by other: ExactDecimal) -> ExactDecimal? {
        let (product, overflow) = units.multipliedReportingOverflow(by: other.units)
        return overflow ? nil : ExactDecimal(units: product, scale: scale + other.scale)
    }

    /// `nil` if the sum is too large.
    func adding(_ other: ExactDecimal) -> ExactDecimal? {
        let common = max(scale, other.scale)
        guard let left = rounded(to: common), let right = other.rounded(to: common) else { return nil }
        let (sum, overflow) = left.units.addingReportingOverflow(right.units)
        return overflow ? nil : ExactDecimal(units: sum, scale: common)
    }

    /// The number with so many digits after the point, a half rounded away from zero as commerce does; `nil` if that is too large.
    func rounded(to digits: Int) -> ExactDecimal? {
        var units = units
        if digits >= scale {
            for _ in scale..<digits {
                let (shifted, overflow) = units.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                units = shifted
            }
        } else {
            for _ in digits..<scale - 1 { units /= 10 }  // Truncating all but one digit keeps what decides the rounding.
            let (tens, last) = units.quotientAndRemainder(dividingBy: 10)
            units = last >= 5 ? tens + 1 : last <= -5 ? tens - 1 : tens
        }
        return ExactDecimal(units: units, scale: digits)
    }
}

extension ExactDecimal: CustomStringConvertible {
    /// All the digits, and no exponent: -0.50.
    var description: String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        let sign = units < 0 ? "-" : ""
        return scale == 0 ? sign + padded : "\(sign)\(padded.dropLast(scale)).\(padded.suffix(scale))"
    }

    var json: JSON { JSONNumber(exactly: description).map(JSON.number) ?? .null }
}
