import ConnectWire
import Participant
import TestSupport
import Testing
import Transport

@Suite("Calls", .timeLimit(.minutes(1)))
struct ParticipantAPITests {
    private let time = SkippingTime()
    private let token = ConnectionToken("connection")
    private let message = SendMessageRequest(contentType: .plainText, content: "a/b", clientToken: ClientToken(rawValue: "t"))

    @Test("A call is one POST with the token, the type and the body, and nothing else")
    func exactRequest() async throws {
        let client = try TestClient(time: time)
        _ = try await client.api.call(message, with: token)
        let call = try #require(client.service.calls.first)
        #expect(call.request.method == "POST")
        #expect(call.request.url == "https://participant.example/participant/message")
        #expect(call.request.headers == [HTTPHeader("X-Amz-Bearer", "connection"), HTTPHeader("Content-Type", "application/json")])
        #expect(try call.decoded(SendMessageRequest.self) == message)
        #expect(client.service.calls.count == 1)
        #expect(time.sleeps.isEmpty)
    }

    @Test(
        "A view's token is a part of the path, whatever it is made of",
        arguments: [("abc-._~", "abc-._~"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("..", ".."), ("é +", "%C3%A9%20%2B"), ("%2F", "%252F")]
    )
    func viewPath(viewToken: String, path: String) async throws {
        let client = try TestClient(time: time)
        client.service.answer(.describeView, .ok(DescribeViewResponse(view: View(id: "v"))))
        let answer = try await client.api.call(DescribeViewRequest(viewToken: viewToken), with: token)
        #expect(answer.view?.id == "v")
        let request = try #require(client.service.calls.first?.request)
        #expect(request.method == "GET")
        #expect(request.url == "https://participant.example/participant/views/\(path)")
        #expect(request.headers == [HTTPHeader("X-Amz-Bearer", "connection")])
    }

    @Test("An empty body is an answer where nothing is to be said", arguments: ["", "{}"])
    func emptyAnswers(body: String) async throws {
        let client = try TestClient(time: time)
        client.service.answer(.disconnectParticipant, .body(body))
        _ = try await client.api.call(DisconnectParticipantRequest(), with: token)
        #expect(client.service.calls.count == 1)
    }

    @Test(
        "What may pass is tried again, with the same bytes and so with the same client token",
        arguments: [
            ScriptedService.Answer.fault(.throttling), .fault(.internalServer), .status(502), .status(503), .status(504), .status(408),
            .status(302, headers: [HTTPHeader("Location", "https://login.example")]),
            .status(400, headers: [HTTPHeader("x-amzn-errortype", "ThrottlingException:http://x/")]),
            .error(.connectionLost), .error(.timedOut), .error(.cannotConnect), .body("<html>Welcome to the hotel</html>"), .body("[]"),
            .body(#"{"Id":7}"#),
        ]
    )
    func retries(answer: ScriptedService.Answer) async throws {
        let client = try TestClient(time: time)
        client.service.answer(.sendMessage, answer, answer)
        let response = try await client.api.call(message, with: token)
        #expect(response.id == "sent-1")
        #expect(client.service.calls.count == 3)
        for call in client.service.calls { #expect(try call.decoded(SendMessageRequest.self) == message) }
        #expect(time.sleeps == [.milliseconds(200), .milliseconds(400)])
    }

    @Test(
        "What will not pass is told at once",
        arguments: [
            ScriptedService.Answer.fault(.validation), .fault(.serviceQuotaExceeded), .fault(.accessDenied), .fault(.resourceNotFound),
            .fault(.conflict), .status(418), .error(.tls), .error(.invalidRequest), .error(.responseTooLarge),
        ]
    )
    func doesNotRetry(answer: ScriptedService.Answer) async throws {
        let client = try TestClient(time: time)
        client.service.answer(.sendMessage, answer)
        let error = await #expect(throws: ParticipantError.self) { try await client.api.call(message, with: token) }
        #expect(error?.operation == .sendMessage)
        #expect(error?.attempts == 1)
        #expect(error?.isRetryable == false)
        #expect(client.service.calls.count == 1)
    }

    @Test(
        "Every modelled fault is told with its type, its message and its request",
        arguments: [
            (ServiceFault.Kind.accessDenied, 403), (.conflict, 409), (.resourceNotFound, 404), (.serviceQuotaExceeded, 402),
            (.validation, 400),
        ]
    )
    func faults(kind: ServiceFault.Kind, status: Int) async throws {
        let client = try TestClient(time: time)
        client.service.answer(.sendMessage, .fault(kind))
        let error = await #expect(throws: ParticipantError.self) { try await client.api.call(message, with: token) }
        #expect(error?.isFault(kind) ?? false)
        #expect(error?.fault == ServiceFault(kind, status: status, message: "scripted", requestID: "r-1"))
        #expect("\(try #require(error))" == "SendMessage failed: \(kind) (\(status)): scripted (request r-1)")
    }

    @Test("No try begins after the patience is over, and the last reason is told with the number of tries")
    func patience() async throws {
        let client = try TestClient(time: time)
        for _ in 0..<100 { client.service.answer(.sendMessage, .fault(.internalServer)) }
        let error = await #expect(throws: ParticipantError.self) { try await client.api.call(message, with: token) }
        // 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 6.4 + 10 = 22.6; ten more would be too late.
        #expect(time.uptime == .milliseconds(22_600))
        #expect(client.service.calls.count == 8)
        #expect(error?.attempts == 8)
        #expect(error?.isRetryable == true)
        #expect("\(try #require(error))".hasPrefix("SendMessage failed 8 times: InternalServerException (500)"))
    }

    @Test("Patience counts from the first try, not from when the call began to wait for its turn")
    func patienceAfterPacing() async throws {
        let client = try TestClient(time: time, pacer: Pacer(quotas: [.send: Quota(rate: 0.01, burst: 1)]))
        _ = try await client.api.call(message, with: token)
        client.service.answer(.sendMessage, .error(.connectionLost))
        // Its turn comes after 100 s; the next try's would come 200 s after that, which is too late for the same client token.
        let error = await #expect(throws: ParticipantError.self) { try await client.api.call(message, with: token) }
        #expect(error?.mayHaveActed == true)
        #expect(time.sleeps == [.seconds(100)])
        // The place that was not used is free again.
        time.advance(by: .seconds(100))
        _ = try await client.api.call(message, with: token)
        #expect(time.sleeps.count == 1)
    }

    @Test("A burst waits for its turn instead of being refused")
    func paces() async throws {
        let client = try TestClient(time: time, pacer: .documented)
        for _ in 0..<15 { _ = try await client.api.call(message, with: token) }
        #expect(time.sleeps.isEmpty)
        for _ in 0..<5 { _ = try await client.api.call(message, with: token) }
        #expect(time.sleeps.count == 5)
        #expect(time.sleeps.allSatisfy { abs($0 / .seconds(1) - 0.1) < 1e-9 })
    }

    @Test("A refusal for the rate slows down the calls that come after it, too")
    func slowsDown() async throws {
        let client = try TestClient(time: time, pacer: .documented)
        client.service.answer(.startAttachmentUpload, .fault(.throttling))
        let start = StartAttachmentUploadRequest(
            contentType: "text/plain",
            attachmentSizeInBytes: 1,
            attachmentName: "a.txt",
            clientToken: .random()
        )
        _ = try await client.api.call(start, with: token)
        #expect(time.sleeps == [.milliseconds(500)])
        _ = try await client.api.call(start, with: token)
        #expect(time.sleeps == [.milliseconds(500), .milliseconds(500)])
    }

    @Test("Cancelling stops the call, wherever it is", arguments: ["transfer", "backoff", "turn"])
    func cancels(place: String) async throws {
        let time = VirtualTime()
        let client = try TestClient(time: time, pacer: Pacer(quotas: [.send: Quota(rate: 0.1, burst: 1)]))
        switch place {
        case "transfer": client.service.answer(.sendMessage, .never)
        case "backoff": client.service.answer(.sendMessage, .fault(.internalServer))
        default: _ = try await client.api.call(message, with: token)
        }
        let calls = client.service.calls.count
        let task = Task { try await client.api.call(message, with: token) }
        if place == "transfer" { try await client.service.next(.sendMessage) } else { await time.sleepers(1) }
        task.cancel()
        let error = await #expect(throws: ParticipantError.self) { try await task.value }
        #expect(error?.isCancellation == true)
        #expect(error?.isRetryable == false)
        #expect(client.service.calls.count == calls + (place == "turn" ? 0 : 1))
    }

    @Test("Who is cancelled while waiting leaves the place to the next")
    func cancelledPlace() async throws {
        let time = VirtualTime()
        let client = try TestClient(time: time, pacer: Pacer(quotas: [.send: Quota(rate: 0.1, burst: 1)]))
        _ = try await client.api.call(message, with: token)
        let first = Task { try await client.api.call(message, with: token) }
        await time.sleepers(1)
        first.cancel()
        _ = try? await first.value
        async let second = client.api.call(message, with: token)
        await time.pass(.seconds(10))
        _ = try await second
    }

    @Test("A call that nobody is left to wait for is not made")
    func alreadyCancelled() async throws {
        let client = try TestClient(time: VirtualTime())
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await client.api.call(message, with: token)
        }
        task.cancel()
        let error = await #expect(throws: ParticipantError.self) { try await task.value }
        #expect(error?.isCancellation == true)
    }

    @Test(
        "An answer that cannot be read is described by its place, not by its content",
        arguments: [
            ("secret", "it is not JSON"), (#"{"AttachmentId":"a"}"#, "'UploadMetadata' is missing"),
            (#"{"AttachmentId":"a","UploadMetadata":{}}"#, "'Url' is missing in UploadMetadata"),
            (#"{"AttachmentId":{"secret":1},"UploadMetadata":{}}"#, "'AttachmentId' has the wrong type"),
            (
                #"{"AttachmentId":"a","UploadMetadata":{"Url":"u","UrlExpiry":"secret"}}"#,
                "'UploadMetadata.UrlExpiry' has a value that cannot be read"
            ),
        ]
    )
    func malformedAnswers(body: String, reason: String) async throws {
        var client = try TestClient(time: time)
        client.api.patience = .zero
        client.service.answer(.startAttachmentUpload, .body(body))
        let request = StartAttachmentUploadRequest(
            contentType: "text/plain",
            attachmentSizeInBytes: 1,
            attachmentName: "a.txt",
            clientToken: .random()
        )
        let error = await #expect(throws: ParticipantError.self) { try await client.api.call(request, with: token) }
        #expect("\(try #require(error))" == "StartAttachmentUpload failed: the answer cannot be read: \(reason)")
    }

    @Test("No error tells a token")
    func errorsHoldNoTokens() async throws {
        for answer in [ScriptedService.Answer.fault(.accessDenied), .error(.connectionLost), .body("connection")] {
            var client = try TestClient(time: time)
            client.api.patience = .zero
            client.service.answer(.sendMessage, answer)
            let error = await #expect(throws: ParticipantError.self) {
                try await client.api.call(message, with: ConnectionToken("QVFJREFI"))
            }
            #expect(!"\(error as Any)".contains("QVFJREFI"))
            #expect(!String(reflecting: error).contains("QVFJREFI"))
        }
    }
}
