import ActionKit
import FoundationEssentials

/// What was bought, with every amount computed and exact.
struct Receipt {
    struct Line {
        let description: String
        let quantity: ExactDecimal
        /// As written, with the currency's digits at least.
        let price: ExactDecimal
        /// Rounded to the currency's digits.
        let amount: ExactDecimal
    }

    let title: String
    let customer: String?
    let date: Date
    let currency: Currency
    let lines: [Line]
    /// The sum of the lines' rounded amounts: what a reader gets who adds them up.
    let total: ExactDecimal

    init(title: String, customer: String?, date: Date, currency: Currency, lines: [JSON]) throws(ActionError) {
        guard !lines.isEmpty else { throw ActionError("'lines' is empty; a receipt needs at least one line") }
        guard lines.count <= Self.maximumLines else {
            throw ActionError("'lines' has \(lines.count) lines; a receipt takes at most \(Self.maximumLines)")
        }
        self.title = title
        self.customer = customer
        self.date = date
        self.currency = currency
        var read: [Line] = []
        var total = ExactDecimal.zero
        for (index, line) in lines.enumerated() {
            let line = try Line(line, in: currency, place: "line \(index + 1)")
            guard let sum = total.adding(line.amount) else {
                throw ActionError("line \(index + 1): the total becomes too large to be exact")
            }
            total = sum
            read.append(line)
        }
        self.lines = read
        self.total = total
    }

    static let maximumLines = 10_000
}

extension Receipt.Line {
    /// Lines often come from an order system and carry more than a receipt needs, so other properties are let through.
    static let schema = Schema.object(
        [
            .required("description", .string.described("What was bought")),
            .optional("quantity", .number.described("How many; 1 if left out")),
            .required("price", .number.described("Of one")),
        ],
        additional: .any
    )

    init(_ line: JSON, in currency: Currency, place: String) throws(ActionError) {
        func exact(_ name: String, _ number: JSONNumber) throws(ActionError) -> ExactDecimal {
            if let value = ExactDecimal(number) { return value }
            throw ActionError("\(place): the \(name) \(number.text.prefix(40)) is too large or too precise to compute with exactly")
        }
        guard let price = line["price"]?.numberValue else { throw ActionError("\(place): 'price' is missing") }
        try Self.checkQuantityIsMeant(line, place)
        let quantity = try exact("quantity", line["quantity"]?.numberValue ?? 1)
        let exactPrice = try exact("price", price)
        guard
            let shownPrice = exactPrice.rounded(to: max(exactPrice.scale, currency.minorDigits)),
            let amount = quantity.multiplied(by: exactPrice)?.rounded(to: currency.minorDigits)
        else {
            throw ActionError("\(place): \(quantity) × \(exactPrice) is too large to compute exactly")
        }
        self.description = PlainText.line(line["description"]?.stringValue ?? "")
        self.quantity = quantity
        self.price = shownPrice
        self.amount = amount
    }

    /// Refuses a line without a quantity that has a property we do not know: taking `qty: 3` for one would make a wrong receipt.
    private static func checkQuantityIsMeant(_ line: JSON, _ place: String) throws(ActionError) {
        guard line["quantity"] == nil else { return }
        let known = schema.properties.map(\.name)
        guard let other = line.objectValue?.keys.filter({ !known.contains($0) }).min() else { return }
        throw ActionError(
            "\(place): unknown property '\(other)' and no 'quantity'. If '\(other)' is the quantity, rename it; else add 'quantity'."
        )
    }
}
