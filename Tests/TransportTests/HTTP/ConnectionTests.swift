import Foundation
import Synchronization
import Testing
import Transport

@Suite("Connections are shared, bounded, and never waited for beyond a request's time")
struct ConnectionTests {
    private let client = CurlHTTPClient(environment: [:])

    @Test("One connection serves request after request")
    func keptAlive() async throws {
        let server = try RawServer { _ in answer(body: "hi") }
        let start = ContinuousClock.now
        for number in 1...20 {
            let method = number.isMultiple(of: 2) ? "GET" : "POST"
            #expect(try await client.send(HTTPRequest(method, server.url("/\(number)"))).status == 200)
        }
        // libcurl takes no connection again that has been idle for 118 seconds, as it may be on a machine that has much else to do.
        let isOne = server.requests.map(\.connection) == Array(repeating: 1, count: 20)
        #expect(isOne || start.duration(to: .now) > .seconds(118))
        #expect(server.requests.map { $0.lines[0].components(separatedBy: " ")[1] } == (1...20).map { "/\($0)" })
    }

    @Test("A connection that the server closed while it was idle is replaced, and nobody notices")
    func closedWhileIdle() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer(body: "hi"))
        }
        for _ in 1...5 { #expect(try await client.send(HTTPRequest("POST", server.url(), body: .bytes([1, 2]))).status == 200) }
        #expect(server.connections == 5)
        #expect(server.requests.map(\.body) == Array(repeating: [1, 2], count: 5))
    }

    @Test("A file whose connection breaks half-way is sent again from its start")
    func sentAgain() async throws {
        let server = try RawServer.breakingUploadOnce()
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 1_000_000)
        _ = try await client.send(HTTPRequest("GET", server.url()))
        var request = HTTPRequest("PUT", server.url(), body: .file(path: path, size: 1_000_000))
        // On a loaded machine, nothing is to be said of how long it takes.
        request.timeout = .seconds(300)
        var response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.send(request)
        } catch {
            // libcurl sends it again by itself, unless it was writing at the moment of the reset.
            #expect(error.code == .connectionLost)
            response = try await client.send(request)
        }
        #expect(response.status == 201)
        #expect(try server.requests.last?.body == Array(Data(contentsOf: URL(filePath: path))))
    }

    @Test("200 requests at once, each with its own answer, on no more connections than allowed")
    func manyAtOnce() async throws {
        let server = try RawServer { request in answer(body: String(decoding: request.body, as: UTF8.self)) }
        var limits = CurlHTTPClient.Limits()
        limits.connectionsPerHost = 7
        let client = CurlHTTPClient(limits: limits, environment: [:])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let body = Array("number \(number)".utf8)
                    let response = try await client.send(HTTPRequest("POST", server.url(), body: .bytes(body)))
                    #expect(response.body == body)
                }
            }
            try await group.waitForAll()
        }
        #expect(server.connections <= 7)
        #expect(Set(server.requests.map(\.body)).count == 200)
    }

    @Test("A server that breaks off an upload half-way is a lost connection", arguments: [true, false])
    func brokenUpload(reset: Bool) async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.drain(atMost: 100_000)
            if reset { connection.reset() }
        }
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 5_000_000)
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("PUT", server.url(), body: .file(path: path, size: 5_000_000)))
        }
        #expect(error?.code == .connectionLost)
    }

    @Test("A refusal that comes before the upload is through is the answer")
    func earlyRefusal() async throws {
        let server = try RawServer { connection in
            _ = connection.readHead()
            connection.write(answer("403 Forbidden", ["Connection: close"], body: "<Error/>"))
            connection.drain()
        }
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 5_000_000)
        let response = try await client.send(HTTPRequest("PUT", server.url(), body: .file(path: path, size: 5_000_000)))
        #expect(response.status == 403)
        #expect(response.body == Array("<Error/>".utf8))
    }

    @Test("A file that shrinks while it is sent is an error, and the server never gets a whole body")
    func shrunkFile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 8_000_000)
        let received = Mutex(0)
        let server = try RawServer { connection in
            _ = connection.readHead()
            truncate(path, 4_000_000)
            let count = connection.drain()
            received.withLock { $0 = count }
        }
        // The server truncates before it reads, and what it has not read yet fits into no socket buffer.
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("PUT", server.url(), body: .file(path: path, size: 8_000_000)))
        }
        #expect(error?.code == .unusableBody)
        #expect(error?.detail.hasPrefix("the body file ended after ") == true)
        #expect(received.withLock { $0 } < 8_000_000)
    }

    @Test("A server that takes the request and says nothing is out of time")
    func silent() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.drain()
        }
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("POST", server.url(), timeout: .milliseconds(200)))
        }
        #expect(error?.code == .timedOut)
    }

    @Test("Whoever waits for a connection waits no longer than its own time")
    func waitingTimesOut() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.drain()
        }
        var limits = CurlHTTPClient.Limits()
        limits.connectionsPerHost = 1
        let client = CurlHTTPClient(limits: limits, environment: [:])
        let url = server.url()
        let first = Task { try await client.send(HTTPRequest("POST", url, timeout: .seconds(60))) }
        while server.requests.isEmpty { await Task.yield() }
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("POST", url, timeout: .milliseconds(100)))
        }
        #expect(error?.code == .timedOut)
        #expect(server.connections == 1)
        await client.shutdown()
        await #expect(throws: HTTPError.self) { try await first.value }
    }

    @Test("Nobody listening, and a name that nobody has, is no connection")
    func nobodyThere() async throws {
        for url in ["http://127.0.0.1:1/", "http://nobody.invalid/", "https://127.0.0.1:1/"] {
            let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest("GET", url)) }
            #expect(error?.code == .cannotConnect)
        }
    }

    @Test("A host that hangs keeps no other host waiting")
    func otherHosts() async throws {
        let hanging = try RawServer { connection in connection.drain() }
        let healthy = try RawServer { _ in answer() }
        var limits = CurlHTTPClient.Limits()
        limits.connectionsPerHost = 2
        let client = CurlHTTPClient(limits: limits, environment: [:])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await client.send(HTTPRequest("GET", hanging.url(), timeout: .seconds(60))) } }
            while hanging.connections < 2 { await Task.yield() }
            for _ in 0..<20 {
                let response = try? await client.send(HTTPRequest("GET", healthy.url()))
                #expect(response?.status == 200)
            }
            #expect(hanging.connections == 2)
            group.cancelAll()
        }
    }

    @Test("A timeout longer than any clock is no trouble", arguments: [Duration.seconds(Int64.max), .seconds(0), .seconds(-1)])
    func timeouts(timeout: Duration) async throws {
        let server = try RawServer { _ in answer() }
        let request = HTTPRequest("GET", server.url(), timeout: timeout)
        if timeout > .zero {
            #expect(try await client.send(request).status == 200)
        } else {
            let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
            #expect(error?.code == .timedOut)
        }
    }
}
