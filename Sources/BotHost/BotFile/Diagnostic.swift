/// A place in a text, both from 1; a column counts Unicode scalars.
package struct SourceMark: Hashable, Comparable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// Of a problem with a file that is not in one place of it.
    package static let wholeFile = SourceMark(line: 0, column: 0)

    func advanced(by columns: Int) -> SourceMark {
        SourceMark(line: line, column: column + columns)
    }
}

/// Something that is wrong with a bot file, where, and what to do about it.
package struct Diagnostic: Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        case error
        /// The bot runs, but hardly as it was meant.
        case warning
    }

    package let severity: Severity
    package let file: String
    package let mark: SourceMark
    package let message: String
    package let sourceLine: String

    package init(severity: Severity = .error, file: String, mark: SourceMark, message: String, sourceLine: String) {
        self.severity = severity
        self.file = file
        self.mark = mark
        self.message = message
        self.sourceLine = sourceLine
    }

    var asWarning: Diagnostic { Diagnostic(severity: .warning, file: file, mark: mark, message: message, sourceLine: sourceLine) }

    /// `file:line:column: message`
    package var summary: String {
        let place = mark == .wholeFile ? file : "\(file):\(mark.line):\(mark.column)"
        return "\(place): \(severity == .warning ? "warning: " : "")\(message.withoutControls)"
    }
}

extension Diagnostic: CustomStringConvertible {
    /// The summary, the line, and a caret below the place.
    package var description: String {
        let (line, column) = window
        guard !line.isEmpty else { return summary }
        let gap = line.unicodeScalars.prefix(column - 1).reduce(into: "") { gap, scalar in
            gap += scalar == "\t" ? "\t" : String(repeating: " ", count: scalar.terminalWidth)
        }
        return "\(summary)\n\(line.withoutControls)\n\(gap)^"
    }

    /// The part of the line that is worth showing, and the column within it.
    private var window: (line: String, column: Int) {
        let width = 160
        let scalars = sourceLine.unicodeScalars
        let count = scalars.count
        guard count > width else { return (sourceLine, mark.column) }
        let start = max(0, min(mark.column - 1 - width / 2, count - width))
        return (String(String.UnicodeScalarView(scalars.dropFirst(start).prefix(width))), mark.column - start)
    }
}

extension Unicode.Scalar {
    /// How many cells of a terminal it takes; an estimate that is right for carets below common text.
    fileprivate var terminalWidth: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: 0
        default:
            switch value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
                0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
                2
            default: 1
            }
        }
    }
}

extension String {
    /// As it may be shown on a terminal.
    fileprivate var withoutControls: String {
        var view = UnicodeScalarView()
        for scalar in unicodeScalars {
            view.append(scalar.properties.generalCategory == .control && scalar != "\t" ? "\u{FFFD}" : scalar)
        }
        return String(view)
    }
}
