import Foundation
import Testing
import Transport

@Suite("A request ends once, and with it what it held")
struct CancellationTests {
    private let client = CurlHTTPClient(environment: [:])

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
}
