/// The header that names a file, in ASCII (RFC 6266).
enum ContentDisposition {
    /// RFC 8187, attr-char, beside letters and digits.
    private static let attributeCharacters = "!#$&+-.^_`|~"

    /// - Parameter limit: Characters of the whole value. A name that does not fit is cut, its extension kept.
    static func attachment(named name: String, limit: Int = .max) -> String {
        var name = name
        while value(name).utf8.count > limit, let shorter = shortened(name) { name = shorter }
        return value(name)
    }

    private static func value(_ name: String) -> String {
        let isPlain = name.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) && $0 != "\"" && $0 != "\\" }
        return isPlain
            ? "attachment; filename=\"\(name)\""
            : "attachment; filename*=UTF-8''\(PercentEncoding.encode(name, keeping: Self.attributeCharacters))"
    }

    private static func shortened(_ name: String) -> String? {
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        guard dot > name.startIndex else { return nil }
        let base = name[..<name.index(before: dot)]
        return base.isEmpty ? nil : String(base) + name[dot...]
    }
}
