import ActionKit

extension Action {
    static var table: Action {
        Action(
            name: "table",
            description: "Makes a table as a file: columns, and rows of texts and numbers.",
            parameters: .object([
                .optional("name", .string.described("The file's name; its extension is added where it is missing").defaulting(to: "table")),
                .required("columns", .array(of: .string).described("The heads of the columns")),
                .required(
                    "rows",
                    .array(of: .array(of: .anyOf([.string, .number, .boolean, Schema(.null)])))
                        .described("A list of rows, each a list with one cell for each column")
                ),
                .optional("format", DocumentFormat.parameter),
            ]),
            idempotent: true
        ) { arguments, _ in
            let format = DocumentFormat(arguments)
            let name = try format.fileName(arguments["name"]?.stringValue ?? "table")
            let table = try Table(columns: arguments["columns"]?.arrayValue ?? [], rows: arguments["rows"]?.arrayValue ?? [])
            let text =
                switch format {
                case .txt: table.text
                case .csv: table.csv.text
                }
            return ActionResult(value: ["rows": .number(JSONNumber(table.rows.count))], files: [format.file(named: name, text: text)])
        }
    }
}
