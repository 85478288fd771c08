import ConnectWire
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
                    try await peer.write("POST /participant/transcript HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
                    peer.finish()
                    return try await peer.readHead()
                }
                #expect(answer?.first == "HTTP/1.1 403 Forbidden")
            }
        }
    }

    @Test(
        "A request that stops half-way ends its connection and nothing else",
        arguments: ["POST /participant/message HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{", "PUT /contact/chat HT", ""]
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

    static let malformedChunks = [
        "zz\r\n", "5\r\nhello world\r\n0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n", "5;\0\r\nhello\r\n0\r\n\r\n", "\r\n",
    ]

    @Test("Broken chunks are a 400 with the reason, on every side of the service", arguments: malformedChunks)
    func brokenChunks(chunks: String) async throws {
        try await RunningService.with { service in
            for target in ["POST /participant/message", "PUT /contact/chat", "POST /local/faults"] {
                let answer = try await service.raw("\(target) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)")
                #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(target): \(answer)")
                #expect(answer.contains("its chunks are not well formed"))
            }
            _ = try await service.startChat()
        }
    }

    @Test("An upload that breaks off is a 400 for a client that still listens, and leaves no object")
    func brokenUpload() async throws {
        try await RunningService.with { service in
            let customer = try await service.connect(service.startChat().participantToken)
            let start = StartAttachmentUploadRequest(
                contentType: "text/plain",
                attachmentSizeInBytes: 5,
                attachmentName: "a.txt",
                clientToken: .random()
            )
            let upload = try await service.call(start, token: customer.token)
            let target = upload.uploadMetadata.url.exposed.dropFirst(service.endpoint.utf8.count)
            let signed = (upload.uploadMetadata.headersToInclude ?? [:]).map { "\($0.key): \($0.value)\r\n" }.joined()
            let head = try await RawPeer.connect(to: service.port) { peer in
                try await peer.write("PUT \(target) HTTP/1.1\r\nHost: localhost\r\n\(signed)\r\nhe")
                peer.finish()
                return try await peer.readHead()
            }
            #expect(head?.first == "HTTP/1.1 400 Bad Request")
            let complete = CompleteAttachmentUploadRequest(attachmentIDs: [upload.attachmentID], clientToken: .random())
            await #expect(throws: ServiceFault.self) { try await service.call(complete, token: customer.token) }
        }
    }

    @Test(
        "What breaks a header is a 400, and so is what no token can be",
        arguments: [
            "a\rb", "a\r\n b", "a\nb", "a\0b", "a\u{1}b", "a\u{7F}b", "t\u{F6}ken", String(repeating: "x", count: 1001),
            "a\r\nX-Amz-Bearer: b",
        ]
    )
    func strangeTokens(token: String) async throws {
        try await RunningService.with { service in
            let answer = try await service.raw(
                "POST /participant/transcript HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Amz-Bearer: \(token)\r\nContent-Length: 2\r\n\r\n{}"
            )
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
        }
    }
}
