/// Several lines that were pasted. The line shows a label in their place.
struct PastedBlock {
    var number: Int
    var lines: Int
    var text: String

    var label: String { "[pasted \(number): \(lines) lines]" }
}
