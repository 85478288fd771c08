import ActionKit

extension Action {
    static var receipt: Action {
        Action(
            "receipt",
            "Makes a receipt as a file: lines with quantities, prices and amounts, and their total.",
            DocumentFormat.name(default: "receipt"),
            Parameter("title", String.self, "The first line of the receipt"),
            Parameter("customer", String?.self, "Whom it is for"),
            Parameter(
                "lines",
                JSON.self,
                "What was bought: a list, or the JSON text of one",
                .anyOf([.array(of: Receipt.Line.schema), .string])
            ),
            Parameter("currency", String.self, "ISO 4217 code, such as EUR"),
            DocumentFormat.format,
            idempotent: true
        ) { name, title, customer, lines, currency, format, context in
            let fileName = try format.fileName(name)
            let receipt = try Receipt(
                title: PlainText.line(title),
                customer: customer.map(PlainText.line),
                date: context.now,
                currency: Currency(currency),
                lines: read(lines)
            )
            let text =
                switch format {
                case .txt: receipt.text(in: context.timeZone)
                case .csv: receipt.table.text
                }
            return .file(
                format.file(named: fileName, text: text),
                value: ["total": receipt.total.json, "currency": .string(receipt.currency.code)]
            )
        }
    }
}

/// The lines, also where they came as JSON text, as a template value inside other text does.
private func read(_ value: JSON) throws(ActionError) -> [JSON] {
    guard let text = value.stringValue else { return value.arrayValue ?? [] }
    do {
        return try Schema.array(of: Receipt.Line.schema).prepare(JSON(mending: text)).arrayValue ?? []
    } catch {
        throw ActionError("'lines' is a text, and not that of a list of lines: \(error)")
    }
}
