import Testing
import Transport

@Suite("A request goes out exactly as it is named")
struct ExactRequestTests {
    private let server: RawServer
    private let client = CurlHTTPClient(environment: [:])

    init() throws {
        server = try RawServer { _ in answer() }
    }

    private func head(of request: HTTPRequest) async throws -> [String] {
        _ = try await client.send(request)
        let received = try #require(server.requests.last)
        return received.lines.map { $0.replacing("127.0.0.1:\(server.port)", with: "HOST") }
    }

    @Test("A GET has the fields that it names, and Host")
    func get() async throws {
        let head = try await head(of: HTTPRequest("GET", server.url("/a/b?c=d"), headers: [HTTPHeader("X-Amz-Bearer", "secret")]))
        #expect(head == ["GET /a/b?c=d HTTP/1.1", "Host: HOST", "X-Amz-Bearer: secret"])
    }

    @Test("A POST of bytes gets one Content-Length and no content type of its own", arguments: [0, 1, 1_000, 70_000, 2_000_000])
    func post(size: Int) async throws {
        let body = [UInt8](repeating: 7, count: size)
        let head = try await head(of: HTTPRequest("POST", server.url(), body: .bytes(body)))
        #expect(head == ["POST / HTTP/1.1", "Host: HOST", "Content-Length: \(size)"])
        #expect(server.requests.last?.body == body)
    }

    @Test("A PUT of a file has neither Expect nor chunks", arguments: [0, 1, 65_536, 3_000_000])
    func put(size: Int) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: size)
        let head = try await head(of: HTTPRequest("PUT", server.url(), body: .file(path: path, size: Int64(size))))
        #expect(head == ["PUT / HTTP/1.1", "Host: HOST", "Content-Length: \(size)"])
        #expect(server.requests.last?.body.count == size)
        #expect(server.requests.last?.body.last == (0..<size).last.map { UInt8(truncatingIfNeeded: $0 &* 31) })
    }

    @Test("Only as much of a file goes out as was asked for")
    func partOfAFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("body", bytes: Array("hello, world".utf8))
        let head = try await head(of: HTTPRequest("POST", server.url(), body: .file(path: path, size: 5)))
        #expect(head == ["POST / HTTP/1.1", "Host: HOST", "Content-Length: 5"])
        #expect(server.requests.last?.body == Array("hello".utf8))
    }

    @Test(
        "Without a body, only methods that mean to send one have a Content-Length",
        arguments: [("GET", nil), ("DELETE", nil), ("OPTIONS", nil), ("POST", "0"), ("PUT", "0"), ("PATCH", "0")] as [(String, String?)]
    )
    func noBody(method: String, length: String?) async throws {
        let head = try await head(of: HTTPRequest(method, server.url()))
        #expect(head == ["\(method) / HTTP/1.1", "Host: HOST"] + (length.map { ["Content-Length: \($0)"] } ?? []))
    }

    @Test("Values go out verbatim, in the order of the request, also empty ones and those of another script")
    func verbatim() async throws {
        let headers = [
            HTTPHeader("Content-Disposition", #"attachment; filename="发票.txt"; filename*=UTF-8''%E5%8F%91"#),
            HTTPHeader("x-amz-meta-empty", ""),
            HTTPHeader("x-amz-meta-semicolon", "a;b;"),
            HTTPHeader("x-amz-meta-spaces", "a  b"),
            HTTPHeader("Content-Type", "text/plain; charset=utf-8"),
            HTTPHeader("Accept", "*/*"),
            HTTPHeader("User-Agent", "attache"),
            HTTPHeader("Expect", ""),
            HTTPHeader("x-twice", "1"),
            HTTPHeader("x-twice", "2"),
        ]
        let head = try await head(of: HTTPRequest("POST", server.url(), headers: headers, body: .bytes([1])))
        let fields = headers.map { $0.value.isEmpty ? "\($0.name):" : "\($0.name): \($0.value)" }
        #expect(head.first == "POST / HTTP/1.1")
        #expect(Set(head.dropFirst()) == Set(["Host: HOST", "Content-Length: 1"] + fields))
        #expect(head.count == fields.count + 3)
        #expect(head.filter { line in fields.contains(line) } == fields)
    }

    @Test("A named Content-Length goes out once, as it was named", arguments: ["Content-Length", "content-length"])
    func namedLength(name: String) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 9)
        let bodies: [HTTPRequest.Body] = [.file(path: path, size: 9), .bytes(Array("123456789".utf8))]
        for body in bodies {
            let head = try await head(of: HTTPRequest("PUT", server.url(), headers: [HTTPHeader(name, "9")], body: body))
            #expect(head == ["PUT / HTTP/1.1", "Host: HOST", "\(name): 9"])
        }
    }

    @Test(
        "The path and the query of a pre-signed URL are not touched",
        arguments: ["/a%2Fb/../c/./d?X-Amz-Signature=a%2Bb+c%3D&x=1&x", "/%7Euser/~user//double?", "/?q={}|'\"", "/a;b=c,d:e@f"]
    )
    func target(target: String) async throws {
        #expect(try await head(of: HTTPRequest("GET", server.url(target))).first == "GET \(target) HTTP/1.1")
    }

    @Test("A fragment is not sent")
    func fragment() async throws {
        #expect(try await head(of: HTTPRequest("GET", server.url("/a#b"))).first == "GET /a HTTP/1.1")
    }

    @Test(
        "What could not go out as it is named is refused, and nothing is sent",
        arguments: [
            HTTPRequest("GE T", "URL"), HTTPRequest("", "URL"), HTTPRequest("CONNECT", "URL"), HTTPRequest("GET\r\n", "URL"),
            HTTPRequest("HEAD", "URL", body: .bytes([1])),
            HTTPRequest("GET", "URL", headers: [HTTPHeader("a", "b\r\nc: d")]),
            HTTPRequest("GET", "URL", headers: [HTTPHeader("a", "b\nc")]),
            HTTPRequest("GET", "URL", headers: [HTTPHeader("a", "b\0")]), HTTPRequest("GET", "URL", headers: [HTTPHeader("a: b", "c")]),
            HTTPRequest("GET", "URL", headers: [HTTPHeader("", "c")]), HTTPRequest("GET", "URL", headers: [HTTPHeader("ä", "c")]),
            HTTPRequest("GET", "URL", headers: [HTTPHeader("host", "elsewhere")]),
            HTTPRequest("PUT", "URL", headers: [HTTPHeader("Transfer-Encoding", "chunked")], body: .bytes([1])),
            HTTPRequest("PUT", "URL", headers: [HTTPHeader("Content-Length", "2")], body: .bytes([1])),
            HTTPRequest("PUT", "URL", headers: [HTTPHeader("Content-Length", "01")], body: .bytes([1])),
            HTTPRequest("PUT", "URL", headers: [HTTPHeader("Content-Length", "1"), HTTPHeader("content-length", "1")], body: .bytes([1])),
            HTTPRequest("GET", "URL", headers: [HTTPHeader("Content-Length", "1")]),
            HTTPRequest("PUT", "URL", body: .file(path: "/etc/passwd", size: -1)),
            HTTPRequest("GET", "URL", downloadPath: "/nowhere/at/all"),
        ]
    )
    func refused(request: HTTPRequest) async throws {
        var request = request
        request.url = server.url()
        let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
        #expect(error?.code == .invalidRequest)
        #expect(server.requests.isEmpty)
    }

    @Test(
        "A URL that is no absolute http or https URL without a user is refused",
        arguments: [
            "", "/a", "127.0.0.1", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a b/", "http://127.0.0.1:99999/",
            "http://user:password@127.0.0.1/",
            "http://127.0.0.1/a b", "http://127.0.0.1/\r\nx",
        ]
    )
    func url(url: String) async throws {
        let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest("GET", url)) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.description.contains("password") == false)
    }

    @Test("A body that is no file, or not there, is refused before anything is sent", arguments: ["/nowhere/at/all", "/etc", "/dev/zero"])
    func noFile(path: String) async throws {
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("PUT", server.url(), body: .file(path: path, size: 1)))
        }
        #expect(error?.code == .unusableBody)
        #expect(server.connections == 0)
    }

    @Test("A body file that is shorter than it was said to be is refused before anything is sent")
    func shortFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 99)
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("PUT", server.url(), body: .file(path: path, size: 100)))
        }
        #expect(error?.code == .unusableBody)
        #expect(error?.detail == "the body file has 99 bytes, not 100")
        #expect(server.connections == 0)
    }

    @Test("An error names method, host and path, never the query or the headers")
    func errors() async throws {
        let request = HTTPRequest("GET", "http://127.0.0.1:1/path?secret", headers: [HTTPHeader("a", "secret")])
        let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
        #expect(error?.code == .cannotConnect)
        #expect(error?.description.hasPrefix("GET http://127.0.0.1:1/path: ") == true)
        #expect(error?.description.contains("secret") == false)
    }
}
