import Testing

@testable import ActionKit

@Suite("Lines of a stream")
struct LineSplitterTests {
    @Test("However the bytes are cut, the lines are the same", arguments: 1...12)
    func cuts(size: Int) {
        let text = Array("one\n\n{}\r\nüñ\nlast line\nunfinished".utf8)
        var splitter = LineSplitter(limit: 100)
        var lines: [LineSplitter.Line] = []
        for start in stride(from: 0, to: text.count, by: size) { lines += splitter.append(text[start..<min(start + size, text.count)]) }
        #expect(lines == ["one", "{}\r", "üñ", "last line"].map { .complete(Array($0.utf8)) })
    }

    @Test("A line that is too long is told of once, and the next one is whole", arguments: 1...9)
    func tooLong(size: Int) {
        let text = Array("12345\n1234567\n123\n123456\n".utf8)
        var splitter = LineSplitter(limit: 5)
        var lines: [LineSplitter.Line] = []
        for start in stride(from: 0, to: text.count, by: size) { lines += splitter.append(text[start..<min(start + size, text.count)]) }
        #expect(lines == [.complete(Array("12345".utf8)), .tooLong(limit: 5), .complete(Array("123".utf8)), .tooLong(limit: 5)])
    }
}
