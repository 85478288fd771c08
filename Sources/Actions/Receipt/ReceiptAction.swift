import ActionKit

extension Action {
    static var receipt: Action {
        Action(
            name: "receipt",
            description: "Makes a receipt as a file: lines with quantities, prices and amounts, and their total.",
            parameters: .object([
                .optional(
                    "name",
                    .string.described("The file's name; its extension is added where it is missing").defaulting(to: "receipt")
                ),
                .required("title", .string.described("The first line of the receipt")),
                .optional("customer", .string.described("Whom it is for")),
                .required(
                    "lines",
                    .anyOf([.array(of: Receipt.Line.schema), .string]).described("What was bought: a list, or the JSON text of one")
                ),
                .required("currency", .string.described("ISO 4217 code, such as EUR")),
                .optional("format", DocumentFormat.parameter),
            ]),
            idempotent: true
        ) { arguments, context in
            let format = DocumentFormat(arguments)
            let name = try format.fileName(arguments["name"]?.stringValue ?? "receipt")
            let receipt = try Receipt(
                title: PlainText.line(arguments["title"]?.stringValue ?? ""),
                customer: arguments["customer"]?.stringValue.map(PlainText.line),
                date: context.now,
                currency: Currency(arguments["currency"]?.stringValue ?? ""),
                lines: lines(arguments["lines"] ?? [])
            )
            let text =
                switch format {
                case .txt: receipt.text(in: context.timeZone)
                case .csv: receipt.table.text
                }
            return ActionResult(
                value: ["total": receipt.total.json, "currency": .string(receipt.currency.code)],
                files: [format.file(named: name, text: text)]
            )
        }
    }
}

/// The lines, also where they came as JSON text, as a template value inside other text does.
private func lines(_ value: JSON) throws(ActionError) -> [JSON] {
    guard let text = value.stringValue else { return value.arrayValue ?? [] }
    do {
        return try Schema.array(of: Receipt.Line.schema).prepare(JSON(parsing: text)).arrayValue ?? []
    } catch {
        throw ActionError("'lines' is a text, and not that of a list of lines: \(error)")
    }
}
