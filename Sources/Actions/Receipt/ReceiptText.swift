import FoundationEssentials

extension Receipt {
    /// The receipt for people, in columns.
    func text(in timeZone: TimeZone) -> String {
        let descriptions = lines.map { $0.description.wrapped(to: Self.widestDescription) }
        let header = Row("Description", "Quantity", "Price", "Amount (\(currency.code))")
        let rows = zip(lines, descriptions).flatMap { line, parts in
            parts.enumerated().map { index, part in
                index == 0 ? Row(part, "\(line.quantity)", "\(line.price)", "\(line.amount)") : Row(part)
            }
        }
        let sum = Row("Total", "", "", "\(total)")
        let widths = Widths(of: [header, sum] + rows)

        var text = [title]
        if let customer { text.append("Customer: \(PlainText.isolated(customer))") }
        text.append("Date: \(timeZone.minute(of: date))")
        text.append("")
        text.append(header.aligned(to: widths))
        text += rows.map { $0.aligned(to: widths) }
        text.append(String(repeating: "-", count: widths.total))
        text.append(sum.aligned(to: widths))
        return text.joined(separator: "\n") + "\n"
    }

    private static let widestDescription = 40
}

private struct Row {
    let description: String
    let numbers: [String]

    init(_ description: String, _ numbers: String...) {
        self.description = description
        self.numbers = numbers
    }

    /// Padded first and isolated then, so that the columns hold whatever the direction of the description.
    func aligned(to widths: Widths) -> String {
        let padding = String(repeating: " ", count: widths.description - description.displayWidth)
        let cells = zip(numbers, widths.numbers).map { $0.paddedLeft(to: $1) }
        let row = ([PlainText.isolated(description) + padding] + cells).joined(separator: Widths.gap)
        return numbers.isEmpty ? PlainText.isolated(description) : row
    }
}

private struct Widths {
    static let gap = "  "
    let description: Int
    let numbers: [Int]

    init(of rows: [Row]) {
        description = rows.map(\.description.displayWidth).max() ?? 0
        numbers = (0..<3).map { column in
            rows.filter { !$0.numbers.isEmpty }.map { $0.numbers[column].displayWidth }.max() ?? 0
        }
    }

    var total: Int { numbers.reduce(description) { $0 + Self.gap.count + $1 } }
}
