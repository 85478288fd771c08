import ActionKit
import Actions
import Testing

@Suite("Tables")
struct TableTests {
    private static let rows: JSON = [
        ["Stay", 3], ["Price", .exact("19.90")], ["Owed", -5], ["Comment", "=HYPERLINK(\"x\")"], ["Two\nlines", .null], ["Right", true],
    ]

    @Test("A table in csv is RFC 4180, keeps numbers as they are, and defuses formulas")
    func csv() async throws {
        let file = try await table(["name": "survey", "columns": ["Question", "=Answer"], "rows": Self.rows, "format": "csv"])
        #expect(file.name == "survey.csv")
        #expect(file.contentType == "text/csv")
        #expect(
            file.text == """
                Question,'=Answer\r
                Stay,3\r
                Price,19.90\r
                Owed,-5\r
                Comment,"'=HYPERLINK(""x"")"\r
                Two lines,\r
                Right,true\r

                """
        )
    }

    @Test("A table in txt is aligned: texts to the left, numbers to the right, whatever their script")
    func text() async throws {
        let file = try await table(["columns": ["名前", "Count"], "rows": [["東京", 5], ["Ada", 1000], ["عدا", "x"]]])
        #expect(file.name == "table.txt")
        #expect(
            file.text == """
                名前  Count
                -----------
                東京      5
                Ada    1000
                \u{2068}عدا\u{2069}   x

                """
        )
    }

    @Test("A table may have no rows")
    func empty() async throws {
        #expect(try await table(["columns": ["a", "b"], "rows": []]).text == "a  b\n----\n")
    }

    @Test(
        "What makes no table is refused, with the reason",
        arguments: [
            (["columns": [], "rows": []], "'columns' has 0 columns; a table takes 1 to 100"),
            (["columns": ["a"], "rows": [["x"], ["x", "y"]]], "row 2 has 2 cells; there are 1 columns"),
            (["columns": ["a"], "rows": [[]]], "row 1 has 0 cells; there are 1 columns"),
            (
                ["columns": ["a"], "rows": .array(Array(repeating: ["x"], count: 10_001))],
                "'rows' has 10001 rows; a table takes at most 10000"
            ),
            (["columns": ["a"], "rows": [], "name": "../a"], "the file name \"../a\" contains '/'; it is a name, not a path"),
        ] as [([String: JSON], String)]
    )
    func wrong(arguments: [String: JSON], reason: String) async throws {
        let error = await #expect(throws: ActionError.self) { try await call("table", arguments) }
        #expect(error?.reason == reason)
    }

    @Test("A cell that is a list is refused")
    func nested() async throws {
        await #expect(throws: ActionError.self) { try await call("table", ["columns": ["a"], "rows": [[["x"]]]]) }
    }

    private func table(_ arguments: [String: JSON]) async throws -> GeneratedFile {
        let result = try await call("table", arguments)
        return try #require(result.files.first)
    }
}
