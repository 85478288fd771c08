import ConnectWire
import FoundationEssentials
import GRDB
import Logging
import Testing
import Transport

@testable import LocalConnect

@Suite("The data directory", .timeLimit(.minutes(1)))
struct DataDirectoryTests {
    private static func withDirectory(_ body: @Sendable (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "local-test-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private static func configuration(_ path: String) -> LocalConnect.Configuration {
        var configuration = LocalConnect.Configuration.quick
        configuration.storage = .directory(path)
        return configuration
    }

    @Test("Everything goes on after a restart: tokens, transcript, objects, repeats, receipts")
    func restart() async throws {
        try await Self.withDirectory { path in
            let message = SendMessageRequest(contentType: .plainText, content: "Grüße 🎈", clientToken: ClientToken(rawValue: "one"))
            let (chat, customer, id, transcript) = try await RunningService.with(Self.configuration(path)) { service in
                let chat = try await service.startChat { $0.clientToken = ClientToken(rawValue: "start") }
                let customer = try await service.connect(chat.participantToken)
                let id = try await service.call(message, token: customer.token).id
                _ = try await service.uploaded(Array("bytes".utf8), customer)
                let transcript = try await service.call(GetTranscriptRequest(maxResults: 100), token: customer.token).transcript
                return (chat, customer, id, transcript)
            }
            try await RunningService.with(Self.configuration(path)) { service in
                let again = try await service.call(GetTranscriptRequest(maxResults: 100), token: customer.token).transcript
                #expect(again == transcript)
                #expect(try await service.call(message, token: customer.token).id == id)
                let repeated = try await service.startChat { $0.clientToken = ClientToken(rawValue: "start") }
                #expect(repeated == chat)
                let attachment = try #require(transcript?.first?.attachments?.first?.attachmentID)
                let url = try await service.call(GetAttachmentRequest(attachmentID: attachment), token: customer.token).url
                #expect(try await service.send("GET", url?.exposed ?? "").text == "bytes")
                _ = try await service.connect(chat.participantToken)
            }
        }
    }

    @Test("It belongs to one process at a time")
    func lock() async throws {
        try await Self.withDirectory { path in
            let first = try DataDirectory(path: path)
            #expect(throws: DataDirectoryError.self) { try DataDirectory(path: path) }
            withExtendedLifetime(first) {}
        }
        try await Self.withDirectory { path in
            _ = try DataDirectory(path: path)
            _ = try DataDirectory(path: path)
        }
    }

    @Test("Nobody else gets its database, also where the lock file was removed; and a service whose database is gone says so and ends")
    func lostFiles() async throws {
        try await Self.withDirectory { path in
            let local = try LocalConnect(configuration: Self.configuration(path))
            async let end = Result(catching: { try await local.run() })
            let service = RunningService(endpoint: try await local.endpoint, http: CurlHTTPClient(), sockets: NIOWebSocketClient())
            _ = try await service.startChat()
            try FileManager.default.removeItem(atPath: "\(path)/lock")
            #expect { try LocalConnect(configuration: Self.configuration(path)) } throws: { "\($0)".contains("has it open") }
            try FileManager.default.removeItem(atPath: "\(path)/local.db")
            await #expect { try await service.startChat() } throws: { ($0 as? ServiceFault)?.status == 500 }
            let result = await end
            #expect { try result.get() } throws: { "\($0)".contains("local.db was removed or replaced") }
        }
    }

    @Test("All in it is for its owner alone; a folder that anybody may write to is refused")
    func modes() async throws {
        try await Self.withDirectory { path in
            try await RunningService.with(Self.configuration(path)) { service in
                let customer = try await service.connect(service.startChat().participantToken)
                _ = try await service.uploaded(Array("bytes".utf8), customer)
                let files = FileManager.default
                for name in try files.subpathsOfDirectory(atPath: path) {
                    let attributes = try files.attributesOfItem(atPath: "\(path)/\(name)")
                    let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
                    #expect(attributes[.posixPermissions] as? Int == (isFolder ? 0o700 : 0o600), "\(name)")
                }
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
            #expect { try DataDirectory(path: path) } throws: { "\($0)".contains("chmod 700") }
        }
    }

    @Test("Its key is for its owner alone, and stays the same")
    func key() async throws {
        try await Self.withDirectory { path in
            let directory = try DataDirectory(path: path)
            let code = try directory.serviceKey().authenticationCode(for: "x")
            #expect(try directory.serviceKey().authenticationCode(for: "x") == code)
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/key")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("A key that is cut off is refused, not replaced")
    func brokenKey() async throws {
        try await Self.withDirectory { path in
            let directory = try DataDirectory(path: path)
            try Data([1, 2, 3]).write(to: URL(filePath: "\(path)/key"))
            #expect(throws: DataDirectoryError.self) { try directory.serviceKey() }
        }
    }

    @Test("A database that a newer program made is refused, and left as it is")
    func newerSchema() async throws {
        try await Self.withDirectory { path in
            _ = try RecordDatabase(in: DataDirectory(path: path))
            let queue = try DatabaseQueue(path: "\(path)/local.db")
            try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
            try queue.close()
            #expect {
                try RecordDatabase(in: DataDirectory(path: path))
            } throws: {
                "\($0)".contains("newer")
            }
        }
    }

    @Test("A file that is no database is refused")
    func notADatabase() async throws {
        try await Self.withDirectory { path in
            let directory = try DataDirectory(path: path)
            try Data(repeating: 65, count: 5000).write(to: URL(filePath: "\(path)/local.db"))
            #expect(throws: DataDirectoryError.self) { try RecordDatabase(in: directory) }
        }
    }

    @Test("A record that cannot be read harms its own chat; an item that cannot be read keeps its place")
    func damagedRecord() async throws {
        try await Self.withDirectory { path in
            let (lost, customer) = try await RunningService.with(Self.configuration(path)) { service in
                let lost = try await service.startChat()
                let customer = try await service.connect(service.startChat().participantToken)
                for text in ["one", "two", "three"] {
                    let message = SendMessageRequest(contentType: .plainText, content: text, clientToken: .random())
                    _ = try await service.call(message, token: customer.token)
                }
                return (lost, customer)
            }
            let queue = try DatabaseQueue(path: "\(path)/local.db")
            try await queue.write { database in
                try database.execute(
                    sql: "UPDATE contact SET value = CAST('{' AS BLOB) WHERE key = ?",
                    arguments: [lost.contactID.rawValue]
                )
                try database.execute(sql: "UPDATE item SET value = CAST('[]' AS BLOB) WHERE instr(CAST(value AS TEXT), '\"two\"')")
            }
            try queue.close()
            for said in [["one", nil, "three"], ["one", nil, "three", "four"]] {
                try await RunningService.with(Self.configuration(path)) { service in
                    if said.count == 4 {
                        let message = SendMessageRequest(contentType: .plainText, content: "four", clientToken: ClientToken(rawValue: "4"))
                        _ = try await service.call(message, token: customer.token)
                    }
                    let request = GetTranscriptRequest(maxResults: 100, sortOrder: .ascending)
                    let items = try await service.call(request, token: customer.token).transcript ?? []
                    let texts = items.filter { $0.type == .message }.map { $0.participantRole == .system ? nil : $0.content }
                    #expect(texts == said)
                    await #expect(throws: (any Error).self) { try await service.connect(lost.participantToken) }
                }
            }
        }
    }

    @Test("When nothing can be stored any more, nothing is acknowledged, and the service ends")
    func storeFails() async throws {
        try await Self.withDirectory { path in
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let local = try LocalConnect(configuration: Self.configuration(path), logger: logger)
            async let end = Result(catching: { try await local.run() })
            let service = RunningService(endpoint: try await local.endpoint, http: CurlHTTPClient(), sockets: NIOWebSocketClient())
            _ = try await service.startChat()
            let queue = try DatabaseQueue(path: "\(path)/local.db")
            try await queue.write { try $0.execute(sql: "DROP TABLE contact") }
            await #expect { try await service.startChat() } throws: { ($0 as? ServiceFault)?.status == 500 }
            let result = await end
            #expect { try result.get() } throws: { "\($0)".contains("no such table") }
        }
    }
}

extension Result where Failure == any Error, Success: Sendable {
    fileprivate init(catching body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
