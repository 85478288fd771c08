import Testing

@testable import attache

@Suite("A wrapped line in a window of another width")
struct WrappedLineTests {
    private static func line(_ text: String, status: Int = 0, columns: Int, isAtEnd: Bool = true) -> WrappedLine {
        let characters = text.unicodeScalars.map(\.value)
        return WrappedLine(status: status, characters: characters, columns: columns, isAtEnd: isAtEnd) { $0 < 0x3000 ? 1 : 2 }
    }

    private static func narrow(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test(arguments: [(80, 3), (120, 3), (60, 6), (40, 7), (20, 14)])
    func `Rows that are too long are broken, and shorter ones stay`(columns: Int, rows: Int) {
        #expect(Self.line(Self.narrow(297), columns: 80).rowsAboveCursor(columns: columns) == rows)
    }

    @Test func `The status has a row of its own`() {
        let line = Self.line(Self.narrow(10), status: 30, columns: 80)
        #expect(line.rowsAboveCursor(columns: 120) == 1)
        #expect(line.rowsAboveCursor(columns: 20) == 2)
    }

    @Test func `After a full row, the cursor is in the next`() {
        #expect(Self.line(Self.narrow(80), columns: 80).rowsAboveCursor(columns: 100) == 1)
    }

    @Test func `Where a row becomes full, the cursor goes on if something is drawn there`() {
        #expect(Self.line(Self.narrow(40), columns: 80).rowsAboveCursor(columns: 40) == 0)
        #expect(Self.line(Self.narrow(40), columns: 80, isAtEnd: false).rowsAboveCursor(columns: 40) == 1)
    }

    @Test func `A wide character is in one row`() {
        let line = Self.line("a漢漢漢", columns: 4)
        #expect(line.rowsAboveCursor(columns: 4) == 2)
        #expect(line.rowsAboveCursor(columns: 3) == 3)
    }

    @Test func `Blanks at the end of a row take no room`() {
        #expect(Self.line("aaaa  bb", columns: 6).rowsAboveCursor(columns: 4) == 1)
    }

    @Test func `Nothing is drawn yet`() {
        #expect(Self.line("", columns: 80).rowsAboveCursor(columns: 20) == 0)
    }
}
