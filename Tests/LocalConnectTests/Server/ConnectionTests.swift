import LocalConnect
import TestSupport
import Testing

@Suite("Connections, byte by byte", .timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test("A client that closes its side with its last byte is answered, however soon that is")
    func halfClose() async throws {
        try await RunningService.with { service in
            for _ in 0..<30 {
                let answer = try await RawPeer.connect(to: service.port) { peer in
                    try await peer.write("POST /participant/transcript HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                    peer.finish()
                    return try await peer.readHead()
                }
                #expect(answer?.first == "HTTP/1.1 403 Forbidden")
            }
        }
    }

    @Test(
        "A request that stops half-way ends its connection and nothing else",
        arguments: ["POST /participant/message HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", "PUT /contact/chat HT", ""]
    )
    func stopsHalfWay(request: String) async throws {
        try await RunningService.with { service in
            try await RawPeer.connect(to: service.port) { peer in
                try await peer.write(request)
                peer.finish()
                _ = try await peer.readToEnd()
            }
            _ = try await service.startChat()
        }
    }
}

extension RunningService {
    fileprivate var port: Int { Int(endpoint.split(separator: ":").last ?? "") ?? 0 }
}
