import NIOCore
import TestSupport
import Testing

@testable import Transport

@Suite("What arrives, taken apart after RFC 6455")
struct MessageAssemblerTests {
    @Test("A server makes of the bytes what the standard says, however they are cut", arguments: HostileCase.all, [1, 7, .max])
    func server(_ hostile: HostileCase, chunk: Int) {
        check(hostile, role: .server, chunk: chunk)
    }

    @Test("A client makes of the bytes what the standard says, however they are cut", arguments: HostileCase.all, [1, 7, .max])
    func client(_ hostile: HostileCase, chunk: Int) {
        check(hostile, role: .client, chunk: chunk)
    }

    private func check(_ hostile: HostileCase, role: WebSocketRole, chunk: Int) {
        var assembler = MessageAssembler(role: role, maximumMessageSize: HostileCase.maximumMessageSize)
        var messages: [WebSocketMessage] = []
        var pings: [String] = []
        var end: WebSocketError.Code?
        var rest = hostile.bytes(from: role == .server ? .client : .server)[...]
        while !rest.isEmpty, end == nil {
            var buffer = ByteBuffer(bytes: rest.prefix(chunk))
            rest = rest.dropFirst(chunk)
            do {
                while let event = try assembler.next(from: &buffer) {
                    switch event {
                    case .message(let message): messages.append(message)
                    case .ping(let payload): pings.append(String(decoding: payload, as: UTF8.self))
                    case .pong: break
                    case .close(let code): end = .closed(code ?? .noStatus)
                    }
                }
            } catch {
                end = .protocolViolation(error.code)
            }
        }
        #expect(messages == hostile.messages)
        #expect(pings == hostile.pongs)
        #expect((end ?? .closed(nil)) == hostile.end)
    }

    @Test("Nothing comes after a close frame, however much arrives")
    func afterClose() throws {
        var assembler = MessageAssembler(role: .client, maximumMessageSize: 10)
        var buffer = ByteBuffer(bytes: [TestFrame.close(1000), .text("a")].bytes(from: .server))
        #expect(try assembler.next(from: &buffer) == .close(.normal))
        #expect(try assembler.next(from: &buffer) == nil)
        var more = ByteBuffer(bytes: TestFrame.text("b").bytes(from: .server))
        #expect(try assembler.next(from: &more) == nil)
    }
}
