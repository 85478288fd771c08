import Foundation

extension Terminal {
    /// Columns as wide as what is in them.
    static func answer(table header: [String], _ rows: [[String]]) {
        let lines = [header] + rows
        let widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        for line in lines {
            let cells = zip(line, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
            answer(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }

    static func answer(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        answer(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
