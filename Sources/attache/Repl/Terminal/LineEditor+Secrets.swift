import CEdit

// What is asked for and not shown.
extension LineEditor {
    func readSecret() {
        write("\r\u{1b}[J" + (port.take().secretPrompt ?? ""))
        attache_flush()
        secret = []
        while port.isAskingForSecret, !port.isClosed {
            switch reader.next() {
            case .character(10)?, .character(13)?: port.answer(secret: String(decoding: secret, as: UTF8.self))
            case .character(3)?, .character(4)?: port.answer(secret: nil)
            case .character(8)?, .character(127)?: if !secret.isEmpty { secret.removeLast() }
            case .character(21)?: secret = []
            // No other key is a part of a secret.
            case .character(..<32)?: break
            case .character(let value)?: secret += Array(String(scalars: [value]).utf8)
            case .paste(let text)?: secret += Array(text.utf8)
            case nil: if !waitForInput() { port.answer(secret: nil) }
            }
        }
        write("\n")
        if let editor { attache_refresh(editor) }
    }
}
