import Crypto
import Foundation
import Synchronization
import Testing
import Transport

/// A file whose SHA-256 is named is sent as it is meant, or not to its end.
@Suite("The digest of a body file")
struct BodyDigestTests {
    private let folder: TemporaryFolder
    private let client = CurlHTTPClient(environment: [:])

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func digest(_ data: Data) -> String {
        SHA256.hash(data: data).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func body(size: Int) throws -> (path: String, body: HTTPRequest.Body) {
        let path = try folder.file("body", size: size)
        let digest = Self.digest(try Data(contentsOf: URL(filePath: path)))
        return (path, .file(path: path, size: Int64(size), sha256: digest))
    }

    @Test("The right file arrives whole", arguments: [0, 1, 65_536, 3_000_000])
    func whole(size: Int) async throws {
        let server = try RawServer { _ in answer() }
        let (path, body) = try body(size: size)
        _ = try await client.send(HTTPRequest("PUT", server.url(), body: body))
        #expect(try server.requests.last?.body == [UInt8](Data(contentsOf: URL(filePath: path))))
    }

    @Test("It is hashed anew where it is sent again, because a connection breaks half-way")
    func rewound() async throws {
        let server = try RawServer.breakingUploadOnce()
        let (_, body) = try body(size: 1_000_000)
        _ = try await client.send(HTTPRequest("GET", server.url()))
        var request = HTTPRequest("PUT", server.url(), body: body)
        // On a loaded machine, nothing is to be said of how long it takes.
        request.timeout = .seconds(300)
        do throws(HTTPError) {
            #expect(try await client.send(request).status == 201)
        } catch {
            // libcurl sends it again by itself, unless it was writing at the moment of the reset.
            #expect(error.code == .connectionLost)
            #expect(try await client.send(request).status == 201)
        }
    }

    enum Harm: String, CaseIterable {
        case firstByte, lastByte, truncated, lengthened, link, folder, missing
    }

    @Test("Any other breaks off before its last byte", arguments: Harm.allCases, [9, 2_000_000])
    func wrong(harm: Harm, size: Int) async throws {
        let received = Mutex(0)
        let server = try RawServer { connection in
            guard connection.readHead() != nil else { return }
            let count = connection.drain()
            received.withLock { $0 = count }
        }
        let (path, body) = try body(size: size)
        try Self.inflict(harm, on: path)
        let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest("PUT", server.url(), body: body)) }
        #expect(error?.code == .unusableBody)
        #expect(received.withLock { $0 } < size)
        if [.firstByte, .lastByte].contains(harm) { #expect(error?.detail.contains("was changed: its SHA-256 is") == true) }
    }

    private static func inflict(_ harm: Harm, on path: String) throws {
        let (files, url) = (FileManager.default, URL(filePath: path))
        var data = try Data(contentsOf: url)
        switch harm {
        case .firstByte: data[0] ^= 1
        case .lastByte: data[data.count - 1] ^= 1
        case .truncated: data.removeLast()
        case .lengthened: data.append(0)
        case .link:
            try files.moveItem(atPath: path, toPath: path + ".elsewhere")
            try files.createSymbolicLink(atPath: path, withDestinationPath: path + ".elsewhere")
            return
        case .folder:
            try files.removeItem(atPath: path)
            try files.createDirectory(atPath: path, withIntermediateDirectories: false)
            return
        case .missing:
            try files.removeItem(atPath: path)
            return
        }
        try data.write(to: url)
    }
}
