import ConnectWire
import Foundation

extension ParticipantToken {
    /// - Returns: Nil for what cannot be one.
    init?(validating text: String) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...1000).contains(text.unicodeScalars.count), text.firstUnprintable == nil, !text.contains(" ") else { return nil }
        self.init(text)
    }
}
