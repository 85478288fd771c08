import Foundation
import Testing
import Transport

@Suite("Every answer is an answer, or a clear error")
struct ResponseTests {
    private let client = CurlHTTPClient(environment: [:])

    /// Sends one request to a server that answers every request with these bytes and closes the connection.
    private func send(_ method: String = "GET", answer: String, limit: Int = 1_000) async throws -> HTTPResponse {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
        }
        return try await client.send(HTTPRequest(method, server.url(), timeout: .seconds(60), responseLimit: limit))
    }

    @Test(
        "Status, fields and body of any answer come through",
        arguments: [
            ("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nhi", 200, "hi"),
            ("HTTP/1.1 404 Not Found\r\nA: b\r\nContent-Length: 2\r\n\r\nno", 404, "no"),
            ("HTTP/1.1 500 \r\nA: b\r\nContent-Length: 0\r\n\r\n", 500, ""),
            ("HTTP/1.1 302 Found\r\nA: b\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 302, ""),
            ("HTTP/1.1 204 No Content\r\nA: b\r\n\r\n", 204, ""),
            ("HTTP/1.0 200 OK\r\nA: b\r\n\r\nuntil the end", 200, "until the end"),
            (
                "HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n", 200,
                "abcde"
            ),
            (
                "HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 103 Early\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 1\r\n\r\n!",
                200, "!"
            ),
            ("HTTP/1.1 200 OK\nA:b   \nContent-Length: 1\n\n!", 200, "!"),
            ("HTTP/1.1 418 I'm a teapot\r\nA:\tb\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw", 418, "raw"),
        ]
    )
    func answers(bytes: String, status: Int, body: String) async throws {
        let response = try await send(answer: bytes)
        #expect(response.status == status)
        #expect(response.headers["a"] == "b")
        #expect(response.headers["x"] == nil)
        #expect(response.headers["trailer"] == nil)
        #expect(String(decoding: response.body, as: UTF8.self) == body)
    }

    @Test("The answer to HEAD has no body, whatever its Content-Length")
    func head() async throws {
        let response = try await send("HEAD", answer: "HTTP/1.1 200 OK\r\nContent-Length: 123456789\r\n\r\n")
        #expect(response.headers["content-length"] == "123456789")
        #expect(response.body.isEmpty)
    }

    @Test(
        "What is no whole answer is a lost connection",
        arguments: [
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n", "garbage\r\n\r\n", "\0\0\0\0", "SSH-2.0-OpenSSH_9.2\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: minus one\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
        ]
    )
    func broken(bytes: String) async throws {
        let error = await #expect(throws: HTTPError.self) { try await send(answer: bytes) }
        #expect(error?.code == .connectionLost)
    }

    @Test(
        "A body over the limit is refused, whether or not its size was announced",
        arguments: [
            Bytes("announced", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", "x", 1_001),
            Bytes("announced, and never sent", "HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"),
            Bytes("until the end", "HTTP/1.0 200 OK\r\n\r\n", "x", 1_001),
            Bytes("in chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", 1_001),
        ]
    )
    func tooLarge(bytes: Bytes) async throws {
        let error = await #expect(throws: HTTPError.self) { try await send(answer: bytes.text) }
        #expect(error?.code == .responseTooLarge)
    }

    @Test("A body of exactly the limit is taken", arguments: [0, 1, 1_000])
    func atTheLimit(limit: Int) async throws {
        let response = try await send(answer: answer(body: String(repeating: "x", count: limit)), limit: limit)
        #expect(response.body.count == limit)
    }

    @Test(
        "Too many fields, too long ones, and endless interim answers are refused",
        arguments: [
            Bytes("257 fields", "HTTP/1.1 200 OK\r\n", "a: b\r\n", 257),
            Bytes("65 KiB of fields", "HTTP/1.1 200 OK\r\n", "a: \(String(repeating: "b", count: 1_021))\r\n", 65),
            Bytes("a long field", "HTTP/1.1 200 OK\r\na: ", "b", 66_000),
            Bytes("a field longer than libcurl takes", "HTTP/1.1 200 OK\r\na: ", "b", 200_000),
            Bytes("interim answers", "", "HTTP/1.1 100 Continue\r\n\r\n", 10_000),
        ]
    )
    func headerBomb(bytes: Bytes) async throws {
        let error = await #expect(throws: HTTPError.self) { try await send(answer: bytes.text + "\r\n\r\n") }
        #expect(error?.code == .responseTooLarge)
    }

    @Test("As many fields as are allowed come through")
    func manyFields() async throws {
        let response = try await send(answer: answer("200 OK", (1..<256).map { "a\($0): b" }))
        #expect(response.headers.count == 256)
    }

    @Test("A large answer comes through whole")
    func large() async throws {
        let body = String(repeating: "0123456789", count: 700_000)
        let response = try await send(answer: answer(body: body), limit: 8_000_000)
        #expect(response.body.elementsEqual(body.utf8))
    }
}

/// What a server sends, too long to be the name of a test.
struct Bytes: CustomTestStringConvertible {
    let testDescription: String
    let text: String

    init(_ description: String, _ beginning: String, _ repeated: String = "", _ count: Int = 0) {
        testDescription = description
        text = beginning + String(repeating: repeated, count: count)
    }
}

@Suite("A download goes to its file whole, or not at all")
struct DownloadTests {
    private let client = CurlHTTPClient(environment: [:])
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func download(_ answer: String, limit: Int = 10_000_000) async throws -> HTTPResponse {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
        }
        return try await client.send(HTTPRequest("GET", server.url(), responseLimit: limit, downloadPath: "\(folder.path)/file"))
    }

    @Test(
        "A 2xx answer is in the file, over what was there, and not in memory",
        arguments: ["", "new", String(repeating: "x", count: 3_000_000)]
    )
    func success(body: String) async throws {
        _ = try folder.file("file", bytes: Array("old".utf8))
        let response = try await download(answer("201 Created", body: body))
        #expect(response.status == 201)
        #expect(response.body.isEmpty)
        #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/file")) == Data(body.utf8))
        #expect(try folder.names == ["file"])
    }

    @Test("Another answer is in memory, and makes no file", arguments: ["404 Not Found", "302 Found", "500 Oops"])
    func otherStatus(status: String) async throws {
        let response = try await download(answer(status, body: "<Error/>"))
        #expect(response.body == Array("<Error/>".utf8))
        #expect(try folder.names == [])
    }

    @Test(
        "Half an answer, or too large a one, leaves what was there",
        arguments: [
            Bytes("half", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), Bytes("too large", "HTTP/1.0 200 OK\r\n\r\n", "x", 200),
        ]
    )
    func failure(bytes: Bytes) async throws {
        _ = try folder.file("file", bytes: Array("old".utf8))
        await #expect(throws: HTTPError.self) { try await download(bytes.text, limit: 100) }
        #expect(try Data(contentsOf: URL(filePath: "\(folder.path)/file")) == Data("old".utf8))
        #expect(try folder.names == ["file"])
    }
}
