import Crypto
import FoundationEssentials
import Glibc

/// The key that tokens are encrypted with. It cannot print.
package struct TokenKey: Sendable, CustomStringConvertible, CustomReflectable {
    let symmetricKey: SymmetricKey

    private init(_ bytes: Data) {
        symmetricKey = SymmetricKey(data: bytes)
    }

    package var description: String { "<token key>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// From `ATTACHE_KEY` (64 hexadecimal digits) or the file that `ATTACHE_KEY_FILE` names; nil where neither is set.
    /// - Throws: ``TokenKeyError``.
    package static func fromEnvironment(_ environment: [String: String]) throws -> TokenKey? {
        if let text = environment["ATTACHE_KEY"] { return try parse(text, source: "ATTACHE_KEY") }
        if let path = environment["ATTACHE_KEY_FILE"] { return try fromFile(at: path) }
        return nil
    }

    static func random() -> TokenKey {
        TokenKey(SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) })
    }

    /// Reads the key file, or makes it with mode 0600 and a random key.
    static func fromFile(at path: String) throws -> TokenKey {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            defer { close(descriptor) }
            let text = SymmetricKey(size: .bits256).withUnsafeBytes { $0.hex } + "\n"
            guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0 else {
                unlink(path)
                throw TokenKeyError(source: path, problem: "it cannot be written: \(String(cString: strerror(errno)))")
            }
            return try parse(text, source: path)
        }
        var status = stat()
        guard errno == EEXIST, stat(path, &status) == 0, let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw TokenKeyError(source: path, problem: "it cannot be read: \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw TokenKeyError(source: path, problem: "others may read it; run: chmod 600 \(path)")
        }
        return try parse(text, source: path)
    }

    private static func parse(_ text: String, source: String) throws -> TokenKey {
        let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        guard digits.count == 64, text.filter({ !$0.isWhitespace }).count == 64 else {
            throw TokenKeyError(source: source, problem: "it must hold 64 hexadecimal digits, as `openssl rand -hex 32` prints them")
        }
        return TokenKey(Data(stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }))
    }
}

package struct TokenKeyError: Error, CustomStringConvertible {
    package var source: String
    package var problem: String

    package var description: String { "the token key in \(source) cannot be used: \(problem)" }
}
