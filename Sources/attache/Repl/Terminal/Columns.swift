/// Texts side by side, as `ls` has them.
struct Columns {
    let texts: [String]
    let width: Int

    /// - Parameter width: Of the terminal.
    init(_ texts: [String], width: Int) {
        self.texts = texts
        self.width = width
    }

    var text: String {
        let cell = (texts.map(\.count).max() ?? 0) + 2
        let perRow = max(1, width / cell)
        return stride(from: 0, to: texts.count, by: perRow).map { start in
            let row = texts[start..<min(start + perRow, texts.count)]
            return row.dropLast().map { $0.padded(to: cell) }.joined() + (row.last ?? "")
        }.joined(separator: "\n")
    }
}
