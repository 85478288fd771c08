/// A line up to the cursor as libedit has drawn it, in a window that has got another width since: most terminals break rows that are too long.
struct WrappedLine {
    /// The widths of the characters in each row; the cursor is in the last.
    private var rows: [[Int]]
    /// Whether no character follows, so that nothing is drawn where the cursor is.
    private let isAtEnd: Bool

    /// - Parameters:
    ///   - status: The length of the line above, which has a row of its own; 0 for none.
    ///   - characters: Those before the cursor.
    ///   - columns: Of the window in which they were drawn.
    ///   - width: Of a character, in columns.
    init(status: Int, characters: [UInt32], columns: Int, isAtEnd: Bool, width: (UInt32) -> Int) {
        self.isAtEnd = isAtEnd
        rows = status == 0 ? [[]] : [Array(repeating: 1, count: status), []]
        var (column, blanks) = (0, 0)
        for character in characters {
            let width = width(character)
            guard width > 0 else { continue }
            if column + width > columns { startRow() }
            rows[rows.count - 1].append(width)
            column += width
            blanks = character == 0x20 ? blanks + 1 : 0
            // With the last column full, the cursor is in the next row.
            if column >= columns { startRow() }
        }

        func startRow() {
            // libedit does not draw those.
            rows[rows.count - 1].removeLast(blanks)
            rows.append([])
            (column, blanks) = (0, 0)
        }
    }

    /// How many rows there are above the cursor in a window of that width.
    func rowsAboveCursor(columns: Int) -> Int {
        let above = rows.dropLast().map { Self.breaks(in: $0, columns: columns).count + 1 }.reduce(0, +)
        let last = Self.breaks(in: rows.last ?? [], columns: columns)
        return above + last.count + (last.isFull && !isAtEnd ? 1 : 0)
    }

    private static func breaks(in row: [Int], columns: Int) -> (count: Int, isFull: Bool) {
        var (count, column) = (0, 0)
        for width in row {
            if column + width > columns { (count, column) = (count + 1, 0) }
            column += width
        }
        return (count, column >= columns)
    }
}
