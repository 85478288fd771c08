import ActionKit

/// A currency by its ISO 4217 code.
struct Currency: Equatable {
    let code: String

    init(_ text: String) throws(ActionError) {
        code = text.uppercased()
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
            throw ActionError("the currency \(JSON.string(String(text.prefix(40)))) is not a code of three letters, such as EUR")
        }
    }

    /// Digits after the point (ISO 4217, list one). A code that is not in the list has two, as nearly all have.
    var minorDigits: Int {
        switch code {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF": 0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        case "CLF", "UYW": 4
        default: 2
        }
    }
}
