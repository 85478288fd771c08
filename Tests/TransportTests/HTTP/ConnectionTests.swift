import Foundation
import Synchronization
import Testing
import Transport

@Suite("Connections are shared, bounded, and given up when a request is")
struct ConnectionTests {
    private let client = CurlHTTPClient(environment: [:])

    @Test("One connection serves request after request")
    func keptAlive() async throws {
        let server = try RawServer { _ in answer(body: "hi") }
        for number in 1...20 {
            let method = number.isMultiple(of: 2) ? "GET" : "POST"
            #expect(try await client.send(HTTPRequest(method, server.url("/\(number)"))).status == 200)
        }
        #expect(server.requests.map(\.connection) == Array(repeating: 1, count: 20))
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

    @Test("A file is sent again from its start when a kept connection breaks before the answer")
    func sentAgain() async throws {
        let server = try RawServer { connection in
            if connection.number == 1 {
                _ = connection.readRequest()
                connection.write(answer())
                _ = connection.readHead()
                connection.drain(atMost: 200_000)
                return connection.reset()
            }
            while connection.readRequest() != nil { connection.write(answer("201 Created")) }
        }
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 1_000_000)
        _ = try await client.send(HTTPRequest("GET", server.url()))
        let response = try await client.send(HTTPRequest("PUT", server.url(), body: .file(path: path, size: 1_000_000)))
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
        #expect(error?.code == .invalidRequest)
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

    @Test("Cancelling closes the connection at once", arguments: [true, false])
    func cancelled(duringUpload: Bool) async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (gone, go) = AsyncStream.makeStream(of: Void.self)
        let server = try RawServer { connection in
            _ = duringUpload ? connection.readHead() : connection.readRequest()?.head
            begin.yield()
            // Reads until the client is gone.
            if !duringUpload { connection.drain() } else { while connection.drain(atMost: 1_000) >= 1_000 {} }
            go.yield()
        }
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 50_000_000)
        let request = HTTPRequest("PUT", server.url(), body: duringUpload ? .file(path: path, size: 50_000_000) : .bytes([1]))
        let task = Task { try await client.send(request) }
        for await _ in begun.prefix(1) { task.cancel() }
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        for await _ in gone.prefix(1) { break }
        let other = try RawServer { _ in answer() }
        #expect(try await client.send(HTTPRequest("GET", other.url())).status == 200)
    }

    @Test("A task that is cancelled already sends nothing")
    func cancelledBefore() async throws {
        let server = try RawServer { _ in answer() }
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await client.send(HTTPRequest("GET", server.url()))
        }
        task.cancel()
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(server.connections == 0)
    }

    @Test("Cancelling at any moment ends every request exactly once")
    func cancelRaces() async throws {
        let server = try RawServer { _ in answer(body: "hi") }
        for round in 0..<300 {
            let task = Task { try await client.send(HTTPRequest("POST", server.url(), body: .bytes([1]))) }
            for _ in 0..<(round % 30) { await Task.yield() }
            task.cancel()
            switch await task.result {
            case .success(let response): #expect(response.status == 200)
            case .failure(let error): #expect((error as? HTTPError)?.code == .cancelled)
            }
        }
        #expect(try await client.send(HTTPRequest("GET", server.url())).status == 200)
    }

    @Test("Beyond the bound a request is refused with a clear error, and once there is room it is taken")
    func bound() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.drain()
        }
        var limits = CurlHTTPClient.Limits()
        limits.requests = 3
        limits.connectionsPerHost = 1
        let client = CurlHTTPClient(limits: limits, environment: [:])
        let tasks = (0..<3).map { _ in Task { try await client.send(HTTPRequest("GET", server.url())) } }
        var refusal: HTTPError?
        // Until all three are under way, this one takes a place and is cancelled.
        while refusal == nil {
            let probe = Task { try await client.send(HTTPRequest("GET", server.url(), timeout: .milliseconds(1))) }
            if case .failure(let error) = await probe.result, (error as? HTTPError)?.code == .cannotConnect {
                refusal = error as? HTTPError
            }
        }
        #expect(refusal?.detail == "too many requests are under way; try again later")
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: HTTPError.self) { try await task.value } }
        let other = try RawServer { _ in answer() }
        #expect(try await client.send(HTTPRequest("GET", other.url())).status == 200)
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

    @Test("Shutting down ends what is under way and what waits, and takes nothing more")
    func shutdown() async throws {
        let (gone, go) = AsyncStream.makeStream(of: Void.self)
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.drain()
            go.yield()
        }
        var limits = CurlHTTPClient.Limits()
        limits.connectionsPerHost = 2
        let client = CurlHTTPClient(limits: limits, environment: [:])
        let tasks = (0..<10).map { _ in Task { try await client.send(HTTPRequest("GET", server.url())) } }
        while server.requests.count < 2 { await Task.yield() }
        await client.shutdown()
        for task in tasks {
            let error = await #expect(throws: HTTPError.self) { try await task.value }
            #expect(error?.code == .cancelled)
        }
        for await _ in gone.prefix(2) {}
        let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest("GET", server.url())) }
        #expect(error?.code == .cancelled)
        await client.shutdown()
    }

    @Test("A client that is shut down or let go of closes the connections that it kept", arguments: [true, false])
    func closesConnections(shutsDown: Bool) async throws {
        let (gone, go) = AsyncStream.makeStream(of: Void.self)
        let server = try RawServer { connection in
            while connection.readRequest() != nil { connection.write(answer()) }
            go.yield()
        }
        let client = CurlHTTPClient(environment: [:])
        _ = try await client.send(HTTPRequest("GET", server.url()))
        if shutsDown {
            await client.shutdown()
        } else {
            _ = try await CurlHTTPClient(environment: [:]).send(HTTPRequest("GET", server.url()))
        }
        for await _ in gone.prefix(1) { break }
        #expect(server.requests.count == (shutsDown ? 1 : 2))
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
