import ActionKit
import Foundation

/// Amounts of money as people read them.
enum Money {
    static func isCurrency(_ code: String) -> Bool {
        code.utf8.count == 3 && code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    /// `12.50 EUR`; rounded half away from zero, in decimal arithmetic.
    static func format(_ value: JSON, in currency: String?) throws(StepFailure) -> String {
        let text = try value.text()
        guard var amount = JSONNumber(exactly: text)?.decimal else {
            throw StepFailure(reason: "is not an amount: \(value.briefly)", kind: .invalid)
        }
        let places = decimals(of: currency)
        var rounded = Decimal()
        NSDecimalRound(&rounded, &amount, places, .plain)
        let number = padded(rounded.description, to: places)
        return currency.map { "\(number) \($0)" } ?? number
    }

    /// By ISO 4217.
    private static func decimals(of currency: String?) -> Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF": 0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }

    private static func padded(_ number: String, to places: Int) -> String {
        guard places > 0 else { return number }
        let parts = number.split(separator: ".")
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        return parts[0] + "." + fraction + String(repeating: "0", count: places - fraction.count)
    }
}
