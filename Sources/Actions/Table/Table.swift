import ActionKit

/// Rows of cells, as many in each as there are columns.
struct Table {
    enum Cell {
        case text(String)
        /// As it was written.
        case number(String)
        case empty
    }

    let columns: [String]
    let rows: [[Cell]]

    static let maximumColumns = 100
    static let maximumRows = 10_000

    init(columns: [String], rows: [[JSON]]) throws(ActionError) {
        guard (1...Self.maximumColumns).contains(columns.count) else {
            throw ActionError("'columns' has \(columns.count) columns; a table takes 1 to \(Self.maximumColumns)")
        }
        guard rows.count <= Self.maximumRows else {
            throw ActionError("'rows' has \(rows.count) rows; a table takes at most \(Self.maximumRows)")
        }
        var read: [[Cell]] = []
        for (index, cells) in rows.enumerated() {
            guard cells.count == columns.count else {
                throw ActionError("row \(index + 1) has \(cells.count) cells; there are \(columns.count) columns")
            }
            read.append(cells.map(Cell.init))
        }
        self.columns = columns.map(PlainText.line)
        self.rows = read
    }
}

extension Table.Cell {
    fileprivate init(_ value: JSON) {
        switch value {
        case .string(let text): self = .text(PlainText.line(text))
        case .number(let number): self = .number(number.text)
        case .bool(let value): self = .text(value ? "true" : "false")
        default: self = .empty
        }
    }
}

// MARK: As files

extension Table {
    /// For programs.
    var csv: CSVTable {
        var table = CSVTable(header: columns)
        for row in rows {
            table.append(
                row.map { cell in
                    switch cell {
                    case .text(let text): .text(text)
                    case .number(let digits): .number(digits)
                    case .empty: .empty
                    }
                }
            )
        }
        return table
    }

    /// For people, in columns: texts to the left, numbers to the right.
    var text: String {
        let widths = columns.indices.map { column in
            ([columns[column]] + rows.map { $0[column].shown }).map(\.displayWidth).max() ?? 0
        }
        func line(_ cells: [Cell]) -> String {
            let padded = zip(cells, widths).map { cell, width in
                let shown = cell.shown
                let gap = String(repeating: " ", count: max(0, width - shown.displayWidth))
                // Padded by the text's width and isolated then, so that the columns hold whatever the direction of the text.
                return if case .number = cell { gap + shown } else { PlainText.isolated(shown) + gap }
            }
            return padded.joined(separator: "  ").trimmingTrailingSpaces
        }
        let rule = String(repeating: "-", count: widths.reduce(0, +) + 2 * (widths.count - 1))
        return ([line(columns.map(Cell.text)), rule] + rows.map(line)).joined(separator: "\n") + "\n"
    }
}

extension Table.Cell {
    fileprivate var shown: String {
        switch self {
        case .text(let text), .number(let text): text
        case .empty: ""
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
