import ConnectWire
import FoundationEssentials
import Testing
import Transport

@testable import LocalConnect

@Suite("Objects behind their URLs", .timeLimit(.minutes(1)))
struct ObjectTests {
    @Test("A part of an object is sent where a range asks for it")
    func ranges() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let customer = try await service.connect(chat.participantToken)
            let url = try await service.uploaded(Array("0123456789".utf8), customer)
            let part = try await service.send("GET", url, headers: [HTTPHeader("Range", "bytes=2-4")])
            #expect(part.status == 206)
            #expect(part.text == "234")
            #expect(part.headers["Content-Range"] == "bytes 2-4/10")
            let behind = try await service.send("GET", url, headers: [HTTPHeader("Range", "bytes=10-")])
            #expect(behind.status == 416)
            #expect(behind.text.contains("<Code>InvalidRange</Code>"))
        }
    }

    @Test("A URL that has expired is refused, and the client is told why")
    func expiry() async throws {
        var configuration = LocalConnect.Configuration.quick
        configuration.rules.lifetimes.downloadURL = .zero
        try await RunningService.with(configuration) { service in
            let chat = try await service.startChat()
            let customer = try await service.connect(chat.participantToken)
            let answer = try await service.send("GET", service.uploaded([1], customer))
            #expect(answer.status == 403)
            #expect(answer.text.contains("Request has expired"))
        }
    }

    @Test("The files of a service in memory are gone when it has ended, though somebody still holds it")
    func cleanUp() async throws {
        let local = try LocalConnect()
        let path = local.storage.objects.directory
        let running = Task { try await local.run() }
        _ = try await local.endpoint
        #expect(FileManager.default.fileExists(atPath: path))
        running.cancel()
        _ = await running.result
        #expect(!FileManager.default.fileExists(atPath: path))
        withExtendedLifetime(local) {}
    }
}

extension RunningService {
    /// Uploads, waits for the approval, and gives the URL to download from.
    func uploaded(_ bytes: [UInt8], _ connection: Connection) async throws -> String {
        let start = StartAttachmentUploadRequest(
            contentType: "text/plain",
            attachmentSizeInBytes: Int64(bytes.count),
            attachmentName: "a.txt",
            clientToken: .random()
        )
        let upload = try await call(start, token: connection.token)
        return try await sockets.withConnection(to: connection.url, timeout: .seconds(60)) { socket in
            try await socket.subscribe()
            _ = try await put(bytes, upload)
            try await complete(upload, connection)
            while try await socket.item().type != .attachment {}
            return try await call(GetAttachmentRequest(attachmentID: upload.attachmentID), token: connection.token).url?.exposed ?? ""
        }
    }
}
