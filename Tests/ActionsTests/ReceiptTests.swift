import ActionKit
import Actions
import FoundationEssentials
import Testing

@Suite("Receipts")
struct ReceiptTests {
    @Test("A receipt in txt is aligned in columns and adds up")
    func text() async throws {
        let file = try await receipt([
            "name": "receipt-1001", "title": "Receipt 1001", "customer": "Ada Lovelace", "currency": "EUR",
            "lines": [
                ["description": "Coffee", "quantity": 2, "price": 3.5],
                ["description": "Notebook, ruled", "price": .exact("19.90")],
                ["description": "Voucher", "quantity": .exact("1.0"), "price": -5],
                ["description": "Petrol", "quantity": .exact("41.37"), "price": .exact("1.659")],
            ],
        ])
        #expect(file.name == "receipt-1001.txt")
        #expect(file.contentType == "text/plain")
        #expect(
            file.text == """
                Receipt 1001
                Customer: Ada Lovelace
                Date: 2026-01-02 10:11 UTC

                Description      Quantity  Price  Amount (EUR)
                Coffee                  2   3.50          7.00
                Notebook, ruled         1  19.90         19.90
                Voucher               1.0  -5.00         -5.00
                Petrol              41.37  1.659         68.63
                ----------------------------------------------
                Total                                    90.53

                """
        )
    }

    @Test("A receipt in csv has a row for each line and one for the total, each complete")
    func csv() async throws {
        let file = try await receipt([
            "title": "Receipt, \"1001\"", "customer": "=cmd|'/C calc'!A0", "currency": "eur", "format": "csv",
            "lines": [["description": "Tea\nfine", "quantity": 2, "price": 3.5], ["description": "-10% off", "price": -1]],
        ])
        #expect(file.name == "receipt.csv")
        #expect(file.contentType == "text/csv")
        #expect(
            file.text == """
                title,customer,date,description,quantity,price,amount,currency\r
                "Receipt, ""1001""\",'=cmd|'/C calc'!A0,2026-01-02T10:11:12.345Z,Tea fine,2,3.50,7.00,EUR\r
                "Receipt, ""1001""\",'=cmd|'/C calc'!A0,2026-01-02T10:11:12.345Z,'-10% off,1,-1.00,-1.00,EUR\r
                "Receipt, ""1001""\",'=cmd|'/C calc'!A0,2026-01-02T10:11:12.345Z,Total,,,6.00,EUR\r

                """
        )
    }

    @Test("Columns hold for scripts with wide, combining and right-to-left characters")
    func scripts() async throws {
        let file = try await receipt([
            "title": "收据", "customer": "עדה", "currency": "JPY",
            "lines": [
                ["description": "咖啡", "price": 500], ["description": "قهوة", "price": 500], ["description": "Cafe\u{301}", "price": 500],
                ["description": "👨‍👩‍👧 ☕️ 🇯🇵", "price": 500], ["description": "한국어", "price": 500], ["description": "हिन्दी", "price": 500],
                ["description": "ﾊﾝｶｸ", "price": 500], ["description": "1️⃣ ok", "price": 500],
            ],
        ])
        #expect(
            file.text == """
                收据
                Customer: \u{2068}עדה\u{2069}
                Date: 2026-01-02 10:11 UTC

                Description  Quantity  Price  Amount (JPY)
                咖啡                1    500           500
                \u{2068}قهوة\u{2069}                1    500           500
                Cafe\u{301}                1    500           500
                👨‍👩‍👧 ☕️ 🇯🇵            1    500           500
                한국어              1    500           500
                हिन्दी               1    500           500
                ﾊﾝｶｸ                1    500           500
                1️⃣ ok               1    500           500
                ------------------------------------------
                Total                                 4000

                """
        )
    }

    @Test("A long description is wrapped between words, and inside one that is longer than the column")
    func wrapped() async throws {
        let file = try await receipt([
            "title": "T", "currency": "EUR",
            "lines": [
                ["description": "A very long description of something that nobody would read to its end", "price": 1],
                ["description": .string(String(repeating: "字", count: 25)), "price": 1],
            ],
        ])
        #expect(
            file.text.contains(
                """
                A very long description of something             1   1.00          1.00
                that nobody would read to its end
                字字字字字字字字字字字字字字字字字字字字         1   1.00          1.00
                字字字字字

                """
            )
        )
    }

    @Test(
        "Totals are exact in every currency",
        arguments: [
            ("EUR", ["0.10", "0.20"], "0.30"),
            ("EUR", ["1.005"], "1.01"),
            ("EUR", ["2.675"], "2.68"),
            ("EUR", ["-1.005"], "-1.01"),
            ("EUR", ["0.004", "0.004", "0.004"], "0.00"),
            ("EUR", ["-0.004"], "0.00"),
            ("EUR", ["1e2", "1E-2"], "100.01"),
            ("JPY", ["100.5"], "101"),
            ("JPY", ["0.4"], "0"),
            ("BHD", ["1.0005", "1"], "2.001"),
            ("CLF", ["1.00005"], "1.0001"),
            ("XYZ", ["1"], "1.00"),
            ("EUR", ["12345678901234567890.12", "0.01"], "12345678901234567890.13"),
            ("EUR", Array(repeating: "0.1", count: 1000), "100.00"),
        ]
    )
    func totals(currency: String, prices: [String], total: String) async throws {
        let lines = prices.map { JSON.object(["description": "x", "price": .exact($0)]) }
        let result = try await call("receipt", ["title": "T", "currency": .string(currency), "lines": .array(lines)])
        #expect(result.value?["total"]?.numberValue?.text == total)
        #expect(result.value?["currency"]?.stringValue == currency)
    }

    @Test("Quantities multiply exactly, and may be strings")
    func quantities() async throws {
        let lines: JSON = [
            ["description": "x", "quantity": .exact("0.333"), "price": .exact("3")],
            ["description": "y", "quantity": "3", "price": "0.10"],
        ]
        let result = try await call("receipt", ["title": "T", "currency": "EUR", "lines": lines])
        #expect(result.value?["total"]?.numberValue?.text == "1.30")
    }

    @Test("Lines may come as the JSON text of a list")
    func textOfLines() async throws {
        let file = try await receipt([
            "title": "T", "currency": "EUR", "lines": #"[{"description":"Tea","quantity":2,"price":19.90,"sku":"T1"}]"#,
        ])
        #expect(file.text.contains("Tea                 2  19.90         39.80"))
    }

    @Test(
        "What cannot be a receipt is refused with the line and the reason",
        arguments: [
            (["lines": []], "'lines' is empty; a receipt needs at least one line"),
            (["lines": "[]"], "'lines' is empty; a receipt needs at least one line"),
            (
                ["lines": [["description": "x", "price": .exact("1e400")]]],
                "line 1: the price 1e400 is too large or too precise to compute with exactly"
            ),
            (
                ["lines": [["description": "x", "price": 1], ["description": "y", "price": .exact("1e-400")]]],
                "line 2: the price 1e-400 is too large or too precise to compute with exactly"
            ),
            (
                ["lines": [["description": "x", "quantity": .exact("99999999999999999999"), "price": .exact("99999999999999999999")]]],
                "line 1: 99999999999999999999 × 99999999999999999999 is too large to compute exactly"
            ),
            (
                [
                    "lines": [
                        ["description": "x", "price": .exact("1000000000000000000000000000000000000")],
                        ["description": "x", "price": .exact("1000000000000000000000000000000000000")],
                    ]
                ],
                "line 2: the total becomes too large to be exact"
            ),
            (
                ["lines": [["description": "x", "price": 1, "qty": 3]]],
                "line 1: unknown property 'qty' and no 'quantity'. If 'qty' is the quantity, rename it; else add 'quantity'."
            ),
            (["lines": [["description": "x"]]], "receipt: lines[0]: 'price' is missing: a number"),
            (
                ["lines": [["description": "x", "price": "NaN"], ["price": 1]]],
                "receipt: lines[0].price: expected a number, found \"NaN\"; lines[1]: 'description' is missing: a string"
            ),
            (["lines": 5], "receipt: lines: expected a list or a string, found the number 5"),
            (
                ["lines": "{{found.lines}}"],
                "'lines' is a text, and not that of a list of lines: "
                    + "not valid JSON at byte 1: found '{' where a key in quotes should be"
            ),
            (["lines": #"{"a":1}"#], "'lines' is a text, and not that of a list of lines: expected a list, found an object"),
            (
                ["lines": #"[{"description":"x","price":[]}]"#],
                "'lines' is a text, and not that of a list of lines: [0].price: expected a number, found an empty list"
            ),
            (["currency": "Euro"], "the currency \"Euro\" is not a code of three letters, such as EUR"),
            (["currency": "€"], "the currency \"€\" is not a code of three letters, such as EUR"),
            (["format": "pdf"], "receipt: format: \"pdf\" is not one of txt, csv"),
            (["curency": "EUR"], "receipt: curency: unknown property 'curency'. Did you mean 'currency'?"),
        ] as [([String: JSON], String)]
    )
    func refused(change: [String: JSON], reason: String) async throws {
        let arguments: [String: JSON] = ["title": "T", "currency": "EUR", "lines": [["description": "x", "price": 1]]]
        let error = await #expect(throws: ActionError.self) { try await call("receipt", arguments.merging(change) { $1 }) }
        #expect(error?.reason == reason)
    }

    @Test("A hostile line is made one line, and shows its control characters")
    func hostileText() async throws {
        let file = try await receipt([
            "title": "\u{FEFF}T\n\nTotal: 0\0", "customer": "A\u{1B}[2J\u{2028}B", "currency": "EUR",
            "lines": [["description": "x\r\n---\u{202E}evil\u{2066}", "price": 1]],
        ])
        #expect(file.text.hasPrefix("T Total: 0␀\nCustomer: A␛[2J B\nDate:"))
        #expect(file.text.contains("\u{2068}x ---\u{202E}evil\u{2066}\u{2069}\u{2069}"))
        #expect(file.text.split(separator: "\n", omittingEmptySubsequences: false).count == 9)
    }

    private func receipt(_ arguments: [String: JSON]) async throws -> GeneratedFile {
        try #require(try await call("receipt", arguments).files.first)
    }
}
