import Foundation
import Synchronization
import TestSupport
import Testing
import Transport

@Suite("An HTTP client without sockets keeps the rules of the real one")
struct InMemoryHTTPClientTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func client(_ handler: @escaping InMemoryHTTPClient.Handler) -> InMemoryHTTPClient {
        InMemoryHTTPClient(time: SystemTime(), handler: handler)
    }

    @Test("The handler sees the fields that a server would see")
    func fields() async throws {
        let seen = Mutex<[HTTPHeader]>([])
        let client = client { request in
            seen.withLock { $0 = request.headers }
            return HTTPResponse(status: 201, body: Array("hi".utf8))
        }
        let request = HTTPRequest("PUT", "https://service.invalid:8443/a?b", headers: [HTTPHeader("A", "b")], body: .bytes([1, 2]))
        #expect(try await client.send(request).body == Array("hi".utf8))
        #expect(
            seen.withLock { $0 } == [HTTPHeader("Host", "service.invalid:8443"), HTTPHeader("A", "b"), HTTPHeader("Content-Length", "2")]
        )
    }

    @Test(
        "A body of any kind is read in parts of at most 64 KiB",
        arguments: [(0, []), (1, [1]), (65_536, [65_536]), (65_537, [65_536, 1]), (150_000, [65_536, 65_536, 18_928])]
    )
    func parts(size: Int, sizes: [Int]) async throws {
        let path = try folder.file("body", size: size)
        let content = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for body in [HTTPRequest.Body.bytes(content), .file(path: path, size: Int64(size))] {
            var parts: [[UInt8]] = []
            for try await part in body.parts { parts.append(part) }
            #expect(parts.map(\.count) == sizes)
            #expect(Array(parts.joined()) == content)
        }
    }

    @Test("What the real client would refuse is refused, and the handler never called")
    func refused() async throws {
        let client = client { _ in
            Issue.record("the handler was called")
            return HTTPResponse(status: 200)
        }
        let short = try folder.file("body", size: 9)
        for (request, code) in [
            (HTTPRequest("GET", "nonsense"), HTTPError.Code.invalidRequest),
            (HTTPRequest("GET", "http://a/", headers: [HTTPHeader("A", "b\r\n")]), .invalidRequest),
            (HTTPRequest("PUT", "http://a/", headers: [HTTPHeader("Content-Length", "3")], body: .bytes([1])), .invalidRequest),
            (HTTPRequest("PUT", "http://a/", body: .file(path: short, size: 10)), .unusableBody),
            (HTTPRequest("PUT", "http://a/", body: .file(path: short, size: 9, sha256: "00")), .unusableBody),
        ] {
            let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
            #expect(error?.code == code)
        }
    }

    @Test("An answer over the limit is refused")
    func limit() async throws {
        let client = client { _ in HTTPResponse(status: 200, body: [1, 2, 3]) }
        let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest("GET", "http://a/", responseLimit: 2)) }
        #expect(error?.code == .responseTooLarge)
    }

    @Test("A 2xx answer goes to the file that was asked for, another to memory", arguments: [200, 404])
    func download(status: Int) async throws {
        let client = client { _ in HTTPResponse(status: status, body: [1, 2, 3]) }
        let response = try await client.send(HTTPRequest("GET", "http://a/", downloadPath: "\(folder.path)/file"))
        #expect(response.body == (status == 200 ? [] : [1, 2, 3]))
        #expect(try folder.names == (status == 200 ? ["file"] : []))
    }

    @Test("The time of a request is that of its clock")
    func timeout() async throws {
        let time = VirtualTime()
        let client = InMemoryHTTPClient(time: time) { _ in
            try? await time.sleep(for: .seconds(60))
            return HTTPResponse(status: 200)
        }
        let task = Task { try await client.send(HTTPRequest("GET", "http://a/", timeout: .seconds(30))) }
        await time.sleepers(2)
        time.advance(by: .seconds(30))
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.code == .timedOut)
    }

    @Test("Cancelling the sender cancels the handler")
    func cancelled() async throws {
        let time = VirtualTime()
        let client = InMemoryHTTPClient(time: time) { _ in
            await #expect(throws: CancellationError.self) { try await time.sleep(for: .seconds(60)) }
            return HTTPResponse(status: 200)
        }
        let task = Task { try await client.send(HTTPRequest("GET", "http://a/")) }
        await time.sleepers(2)
        task.cancel()
        // The handler may have its answer ready before the sender notices.
        if case .failure(let error) = await task.result { #expect((error as? HTTPError)?.code == .cancelled) }
    }
}
