import Crypto
import FoundationEssentials

/// The key that tokens are encrypted with. It cannot print.
package struct TokenKey: Sendable, CustomStringConvertible, CustomReflectable {
    let symmetricKey: SymmetricKey

    private init(_ bytes: Data) {
        symmetricKey = SymmetricKey(data: bytes)
    }

    /// - Parameter text: 64 hexadecimal digits; white space does not count.
    /// - Parameter source: For the error.
    /// - Throws: ``TokenKeyError``.
    init(parsing text: String, source: String) throws {
        let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.filter({ !$0.isWhitespace }).count == 64 else {
            throw TokenKeyError(source: source, problem: "it must hold 64 hexadecimal digits, as `openssl rand -hex 32` prints them")
        }
        self.init(Data(stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }))
    }

    package var description: String { "<token key>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// What a key file holds.
    var exposedText: String { symmetricKey.withUnsafeBytes { $0.hex } }

    /// From `ATTACHE_KEY` (64 hexadecimal digits) or the file that `ATTACHE_KEY_FILE` names; nil where neither is set.
    /// - Parameter prefix: Of the variables' names.
    /// - Throws: ``TokenKeyError``.
    package static func fromEnvironment(_ environment: [String: String], prefix: String = "ATTACHE_") throws -> TokenKey? {
        if let text = environment[prefix + "KEY"] { return try TokenKey(parsing: text, source: prefix + "KEY") }
        if let path = environment[prefix + "KEY_FILE"] { return try KeyFile(path: path).key(makesOne: true) }
        return nil
    }

    static func random() -> TokenKey {
        TokenKey(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }
}

package struct TokenKeyError: Error, CustomStringConvertible {
    package var source: String
    package var problem: String

    package var description: String { "the token key in \(source) cannot be used: \(problem)" }
}
