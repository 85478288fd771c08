import FoundationEssentials

extension Receipt {
    /// The receipt for programs: a row for each line and one for the total, each complete in itself.
    var table: CSVTable {
        var table = CSVTable(header: ["title", "customer", "date", "description", "quantity", "price", "amount", "currency"])
        func append(_ description: String, _ quantity: ExactDecimal?, _ price: ExactDecimal?, _ amount: ExactDecimal) {
            table.append([
                .text(title), customer.map(CSVTable.Cell.text) ?? .empty, .text(date.iso8601), .text(description),
                quantity.map { .number("\($0)") } ?? .empty, price.map { .number("\($0)") } ?? .empty, .number("\(amount)"),
                .text(currency.code),
            ])
        }
        for line in lines { append(line.description, line.quantity, line.price, line.amount) }
        append("Total", nil, nil, total)
        return table
    }
}
