import NIOCore
import NIOHTTP1
import Testing

@testable import Transport

@Suite("The head of a response")
struct ResponseHeadReaderTests {
    private func read(_ text: String, chunk: Int = .max) throws -> (status: UInt, fields: [String], rest: String)? {
        var reader = ResponseHeadReader()
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            var buffer = ByteBuffer(bytes: bytes.prefix(chunk))
            bytes = bytes.dropFirst(chunk)
            if let head = try reader.next(from: &buffer) {
                let rest = buffer.readableBytesView + bytes
                return (head.status.code, head.headers.map { "\($0.name)=\($0.value)" }, String(decoding: rest, as: UTF8.self))
            }
        }
        return nil
    }

    @Test(
        "It is read to its end and no further, however it is cut",
        arguments: [
            ("HTTP/1.1 101 Switching Protocols\r\nA: 1\r\nb:2 \r\n\r\nrest", 101, ["A=1", "b=2"], "rest"),
            ("HTTP/1.1 101\r\n\r\n", 101, [], ""),
            ("HTTP/1.0 404 Not Found\nA: \t x y \t\n\nrest", 404, ["A=x y"], "rest"),
            ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\nLink: y\r\n\r\nHTTP/1.1 200 OK\r\nA:\r\n\r\n", 200, ["A="], ""),
        ] as [(String, UInt, [String], String)],
        [1, 3, .max]
    )
    func heads(_ expected: (text: String, status: UInt, fields: [String], rest: String), chunk: Int) throws {
        let head = try #require(try read(expected.text, chunk: chunk))
        #expect((head.status, head.fields, head.rest) == (expected.status, expected.fields, expected.rest))
    }

    @Test(
        "What is not the head of a response is refused, as soon as it shows",
        arguments: [
            "SSH-2.0", "<", "\r\n", "\u{16}\u{3}\u{1}", "HTTP/2 200\r\n", "HTTP/1.1\r\n", "HTTP/1.1 OK\r\n", "HTTP/1.1 20 x\r\n",
            "HTTP/1.1 -10 x\r\n",
            "HTTP/1.1 099 x\r\n", "HTTP/1.1  101 x\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n", "HTTP/1.1 200 OK\r\n: x\r\n",
            "HTTP/1.1 200 OK\r\nA : x\r\n", "HTTP/1.1 200 OK\r\nA: x\r\n folded\r\n", "HTTP/1.1 200 OK\r\nA: \0\r\n",
            "HTTP/1.1 200 OK\r\nA: x\ry\r\n",
            "HTTP/1.1 200 OK\r\n" + String(repeating: "A: x\r\n", count: 101),
            "HTTP/1.1 200 OK\r\nA: " + String(repeating: "x", count: 64 << 10),
            String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 3000),
        ].map(Excerpted.init)
    )
    func refused(text: Excerpted) {
        #expect(throws: ResponseHeadReader.Malformed.self) { try read(text.text) }
    }

    /// Some are too long to be shown.
    struct Excerpted: Sendable, CustomTestStringConvertible {
        var text: String

        var testDescription: String { String(text.prefix(40).debugDescription) }
    }

    @Test(
        "Half a head is no head",
        arguments: ["", "HTTP", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nA: x\r\n", "HTTP/1.1 100 x\r\n\r\n"]
    )
    func halves(text: String) throws {
        #expect(try read(text) == nil)
    }
}
