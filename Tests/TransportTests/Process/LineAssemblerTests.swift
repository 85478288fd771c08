import NIOCore
import Testing
import Transport

@Suite("Lines out of a stream of bytes")
struct LineAssemblerTests {
    /// Each line as text; one that was too long with a star before what was kept of it.
    private static func lines(_ blocks: [String], limit: Int = 8) -> [String] {
        var assembler = LineAssembler(limit: limit)
        return blocks.flatMap { block -> [String] in
            assembler.append(ByteBuffer(string: block))
            var lines: [String] = []
            while let line = assembler.next() {
                switch line {
                case .whole(let bytes): lines.append(String(buffer: bytes))
                case .tooLong(let start): lines.append("*" + String(buffer: start))
                }
            }
            return lines
        }
    }

    @Test(
        "Lines are cut wherever the blocks end, and what is too long is skipped to its end",
        arguments: [
            (["a\nb\n"], ["a", "b"]),
            (["a", "b\nc", "\n"], ["ab", "c"]),
            (["\n\n"], ["", ""]),
            (["12345678\n"], ["12345678"]),
            (["123456789\nok\n"], ["*123456789", "ok"]),
            (["12345", "6789", "rest\nok\n"], ["*12345", "ok"]),
            (["1234567890", "12345\n", "ok\n"], ["*1234567890", "ok"]),
            (["no end"], []),
        ]
    )
    func cutting(blocks: [String], expected: [String]) {
        #expect(Self.lines(blocks) == expected)
    }

    @Test("Of a line that is too long, one KiB is kept")
    func memory() {
        let lines = Self.lines([String(repeating: "x", count: 100_000) + "\n"])
        #expect(lines == ["*" + String(repeating: "x", count: 1024)])
    }
}
