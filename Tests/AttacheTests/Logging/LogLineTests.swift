import Foundation
import Logging
import Testing

@testable import attache

@Suite("Lines of the log")
struct LogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], _ format: LogLine.Format) -> String {
        LogLine(time: Date(timeIntervalSince1970: 0), level: .info, label: "test", message: message, metadata: metadata).text(format)
    }

    @Test("What came from outside is cut, however long it is and whatever it is made of", arguments: LogLine.Format.allCases)
    func cuts(format: LogLine.Format) {
        for long in [
            "http://127.0.0.1/" + String(repeating: "x", count: 3_000_000), "e" + String(repeating: "\u{301}", count: 1_000_000),
            String(repeating: "\u{1}", count: 100_000), String(repeating: "\u{1F600}", count: 100_000),
        ] {
            let line = line("the URL \(long) is not used", ["url": "\(long)", "more": ["a": "\(long)"]], format)
            #expect(line.utf8.count < 100_000)
            #expect(line.contains("... (\(long.utf8.count) bytes)"))
        }
    }

    @Test("What is short enough stays whole", arguments: LogLine.Format.allCases)
    func keeps(format: LogLine.Format) {
        let (message, value) = (String(repeating: "m", count: 8192), String(repeating: "é", count: 1024))
        let line = line(message, ["reason": "\(value)"], format)
        #expect(line.contains(message) && line.contains(value) && !line.contains("bytes)"))
    }
}
