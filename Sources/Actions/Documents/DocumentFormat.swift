import ActionKit

/// The kinds of file that the documents come as.
enum DocumentFormat: String, CaseIterable, ParameterValue {
    /// UTF-8 without a byte order mark, lines ended by LF.
    case txt
    /// RFC 4180, in UTF-8 without a byte order mark.
    case csv

    static let format = Parameter("format", DocumentFormat.self, "txt for people, csv for spreadsheets and programs", default: .txt)

    static func name(default name: String) -> Parameter<String> {
        Parameter("name", String.self, "The file's name; its extension is added where it is missing", default: name)
    }

    var contentType: String {
        switch self {
        case .txt: "text/plain"
        case .csv: "text/csv"
        }
    }

    func file(named name: String, text: String) -> GeneratedFile {
        GeneratedFile(name: name, contentType: contentType, content: .bytes(Array(text.utf8)))
    }
}

extension DocumentFormat {
    /// The name with this format's extension, if it is one that the service takes and every receiver can store.
    func fileName(_ name: String) throws(ActionError) -> String {
        func refuse(_ rule: String) -> ActionError { ActionError("the file name \(JSON.string(String(name.prefix(80)))) \(rule)") }

        guard name.contains(where: { !$0.isWhitespace }) else { throw refuse("is empty; give it at least one character") }
        for scalar in name.unicodeScalars {
            switch scalar.properties.generalCategory {
            case _ where scalar == "/" || scalar == "\\":
                throw refuse("contains '\(scalar)'; it is a name, not a path")
            case .control, .lineSeparator, .paragraphSeparator:
                throw refuse("contains the control character \(scalar.code), which no file name may")
            case .format where PlainText.isDirectionControl(scalar):
                throw refuse("contains \(scalar.code), which would show the name in another order than it has")
            default: continue
            }
        }
        let complete = name.lowercased().hasSuffix(".\(rawValue)") ? name : "\(name).\(rawValue)"
        let length = complete.unicodeScalars.count
        guard length <= 256 else { throw refuse("has \(length) characters with its extension; the service takes 1 to 256") }
        return complete
    }
}

extension Unicode.Scalar {
    /// As in U+202E.
    fileprivate var code: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
