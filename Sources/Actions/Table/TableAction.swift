import ActionKit

extension Action {
    static var table: Action {
        Action(
            "table",
            "Makes a table as a file: columns, and rows of texts and numbers.",
            DocumentFormat.name(default: "table"),
            Parameter("columns", [String].self, "The heads of the columns"),
            Parameter(
                "rows",
                [[JSON]].self,
                "A list of rows, each a list with one cell for each column",
                .array(of: .array(of: .anyOf([.string, .number, .boolean, Schema(.null)])))
            ),
            DocumentFormat.format,
            idempotent: true
        ) { name, columns, rows, format, _ in
            let fileName = try format.fileName(name)
            let table = try Table(columns: columns, rows: rows)
            let text =
                switch format {
                case .txt: table.text
                case .csv: table.csv.text
                }
            return .file(format.file(named: fileName, text: text), value: ["rows": .number(JSONNumber(table.rows.count))])
        }
    }
}
