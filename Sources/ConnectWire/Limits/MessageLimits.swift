/// How long a message's content may be, in Unicode code points.
///
/// The sources disagree: the model's text of 2025 has these numbers, a newer page says 16,384 bytes for all. A client that keeps to these is
/// right by both.
package enum MessageLimits {
    package static func maximumLength(of contentType: ContentType) -> Int {
        switch contentType {
        case .plainText, .markdown: 1024
        case .json: 12_000
        case .interactiveResponse: 12_288
        default: 16_384
        }
    }
}
