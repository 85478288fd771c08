/// Makes text from a chat fit for a text file: one line is one line, and what cannot be printed is visible.
enum PlainText {
    /// The lines of a text, by every line break that Unicode knows. Control characters become their pictures (␀, ␛), so that a
    /// file shown in a terminal does nothing to it.
    static func lines(_ text: String) -> [String] {
        var lines = [""]
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where last == "\r": break
            case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": lines.append("")
            case "\t": lines[lines.count - 1] += "    "
            default: lines[lines.count - 1].unicodeScalars.append(printable(scalar))
            }
            last = scalar
        }
        return lines
    }

    /// The text on one line, without space around it.
    static func line(_ text: String) -> String {
        // A byte order mark is invisible, and at the start of a file it would be taken for one.
        lines(text.replacing("\u{FEFF}", with: "")).flatMap { $0.split(separator: " ") }.joined(separator: " ")
    }

    static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        case 0x7F: "\u{2421}"
        case 0x80..<0xA0: "\u{FFFD}"
        default: scalar
        }
    }
}

// MARK: Direction

extension PlainText {
    /// The text, isolated (FSI...PDI) where it runs from right to left, so that it does not reorder what stands beside it on the line.
    static func isolated(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isRightToLeft($0) || isDirectionControl($0) }) else { return text }
        return "\u{2068}" + balanced(text) + "\u{2069}"
    }

    /// The text with its isolates closed, and without closings that belong to none: those would end the isolate around it.
    private static func balanced(_ text: String) -> String {
        var open = 0
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{2066}"..."\u{2068}": open += 1
            case "\u{2069}" where open == 0: continue
            case "\u{2069}": open -= 1
            default: break
            }
            result.append(scalar)
        }
        result.append(contentsOf: repeatElement("\u{2069}", count: open))
        return String(result)
    }

    /// The characters that change the order in which others are shown. Marks (LRM, RLM, ALM) change it for neighbours only.
    static func isDirectionControl(_ scalar: Unicode.Scalar) -> Bool {
        ("\u{202A}"..."\u{202E}").contains(scalar) || ("\u{2066}"..."\u{2069}").contains(scalar)
    }

    /// Whether the character is in one of the blocks that Unicode keeps for scripts written from right to left.
    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0x200F, 0xFB1D...0xFDFF, 0xFE70...0xFEFE, 0x10800...0x10FFF, 0x1E800...0x1EFFF: true
        default: false
        }
    }
}
