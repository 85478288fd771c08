import ActionKit
import FoundationEssentials
import Testing

@Suite("JSON numbers")
struct JSONNumberTests {
    @Test(
        "A number keeps the text it was written with",
        arguments: ["19.90", "1e2", "1E+02", "-0", "0.0", "123456789012345678901234567890.10"]
    )
    func text(text: String) throws {
        #expect(try JSON(parsing: "[\(text)]").serialized() == "[\(text)]")
        #expect(JSONNumber(exactly: text)?.text == text)
    }

    @Test(
        "What is not a JSON number is none",
        arguments: ["", "-", "+5", "01234", "1.", ".5", "1e", "NaN", "Infinity", " 5", "5 ", "5\n", "0x1", "1_000", "1,5", "١", "--1"]
    )
    func invalid(text: String) {
        #expect(JSONNumber(exactly: text) == nil)
    }

    @Test(
        "Whole numbers are integers however they are written, where they fit",
        arguments: [
            ("5", 5), ("-0", 0), ("5.0", 5), ("5.000e0", 5), ("1.5e1", 15), ("5e2", 500), ("500e-2", 5), ("0e999999999999999999999", 0),
            ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil), ("1e19", nil), ("1e999", nil),
            ("1e999999999999999999999", nil), ("5.5", nil), ("5e-1", nil), ("1e-999999999999999999999", nil),
        ] as [(String, Int?)]
    )
    func integers(text: String, value: Int?) throws {
        #expect(try #require(JSONNumber(exactly: text)).int == value)
    }

    @Test(
        "A decimal is exact or there is none",
        arguments: [
            ("19.90", "19.9"), ("-0.10", "-0.1"), ("0.000", "0"), ("1e2", "100"), ("1.5E-3", "0.0015"),
            ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
            ("0.12345678901234567890123456789012345678", "0.12345678901234567890123456789012345678"),
            ("100000000000000000000000000000000000000000.0", "100000000000000000000000000000000000000000"),
            ("123456789012345678901234567890123456789", nil), ("1e127", "1" + String(repeating: "0", count: 127)),
            ("1e200", nil), ("1e-200", nil), ("1e99999999999999999999", nil), ("-1e400", nil),
        ] as [(String, String?)]
    )
    func decimals(text: String, value: String?) throws {
        #expect(try #require(JSONNumber(exactly: text)).decimal?.description == value)
    }

    @Test("The double is the nearest, and infinite beyond the largest")
    func doubles() throws {
        #expect(try #require(JSONNumber(exactly: "0.1")).double == 0.1)
        #expect(try #require(JSONNumber(exactly: "-1e400")).double == -.infinity)
        #expect(try #require(JSONNumber(exactly: String(repeating: "9", count: 100_000))).double == .infinity)
    }

    @Test("Numbers are made of values, except those that JSON does not have")
    func values() {
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(Decimal.nan) == nil)
        #expect(JSONNumber(0.5 as Double)?.text == "0.5")
        #expect(JSONNumber(Decimal(string: "19.90") ?? 0)?.text == "19.9")
        for value: Double in [.leastNonzeroMagnitude, 1e300, -1.5e-7, 123456789.123] {
            #expect(JSONNumber(value)?.double == value)
        }
        #expect((1.5 as JSONNumber).text == "1.5")
        #expect((-7 as JSONNumber).int == -7)
    }

    @Test("Equality is by text")
    func equality() {
        #expect(JSONNumber(exactly: "1.0") != 1)
        #expect(JSONNumber(exactly: "1") == 1)
    }
}
