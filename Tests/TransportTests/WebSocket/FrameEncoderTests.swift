import NIOCore
import TestSupport
import Testing

@testable import Transport

@Suite("Frames that go out")
struct FrameEncoderTests {
    @Test(
        "Lengths are in their shortest form",
        arguments: [0, 1, 125, 126, 127, 65_535, 65_536, 200_000],
        [WebSocketRole.client, .server]
    )
    func lengths(count: Int, role: WebSocketRole) throws {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        var bytes = Array(FrameEncoder(role: role).encode(.binary(payload)).readableBytesView)
        let headerLength = (count <= 125 ? 2 : count <= 65_535 ? 4 : 10) + (role == .client ? 4 : 0)
        #expect(bytes.count == headerLength + count)
        let frame = try #require(SentFrame.first(of: &bytes))
        #expect(frame == SentFrame(firstByte: 0x82, isMasked: role == .client, payload: payload))
    }

    @Test("A client masks every frame with another key")
    func masks() {
        let encoder = FrameEncoder(role: .client)
        let keys = Set((0..<100).map { _ in Array(encoder.encode(.text("")).readableBytesView.suffix(4)) })
        #expect(keys.count > 90)
    }

    @Test(
        "A close reason is cut between characters, to what a control frame holds",
        arguments: [
            ("short", "short"), (String(repeating: "é", count: 62), String(repeating: "é", count: 61)),
            (String(repeating: "x", count: 123), String(repeating: "x", count: 123)),
            (String(repeating: "👩‍👩‍👧‍👦", count: 20), String(repeating: "👩‍👩‍👧‍👦", count: 4)),
        ]
    )
    func reasons(reason: String, sent: String) throws {
        var bytes = Array(FrameEncoder(role: .server).close(.normal, reason: reason).readableBytesView)
        let frame = try #require(SentFrame.first(of: &bytes))
        #expect(String(decoding: frame.payload.dropFirst(2), as: UTF8.self) == sent)
    }

    @Test("A code that may not be sent becomes a close frame without one", arguments: [0, 999, 1005, 1006, 1015, 2000, 5000] as [UInt16])
    func unsendableCodes(code: UInt16) {
        let frame = FrameEncoder(role: .server).close(WebSocketCloseCode(rawValue: code), reason: "x")
        #expect(Array(frame.readableBytesView) == [0x88, 0])
    }
}
