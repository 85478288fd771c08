import ConnectWire

/// Colours, where they are wanted. It marks texts that are already free of controls.
struct Style {
    var isColoured: Bool

    func dim(_ text: String) -> String { marked(text, "2") }

    func red(_ text: String) -> String { marked(text, "31") }

    func bold(_ text: String) -> String { marked(text, "1") }

    func name(_ text: String, of role: ParticipantRole?) -> String {
        switch role {
        case .customBot?: marked(text, "36")
        case .agent?, .supervisor?: marked(text, "33")
        case .system?: marked(text, "2")
        default: marked(text, "32")
        }
    }

    private func marked(_ text: String, _ code: String) -> String {
        isColoured && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
