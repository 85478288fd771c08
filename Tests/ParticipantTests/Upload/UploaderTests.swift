import ConnectWire
import FoundationEssentials
import Participant
import TestSupport
import Testing
import Transport

@Suite("Uploading", .timeLimit(.minutes(1)))
struct UploaderTests {
    private let time = SkippingTime()
    private static let file = UploadFile(name: "إيصال.txt", contentType: "text/plain", size: 9, sha256: "00")
    private static let path = "/spool/00"

    /// An uploader, and what it saved.
    private final class Rig: Sendable {
        let client: TestClient
        let verdicts = AttachmentVerdicts()
        let saved = Recorder<Upload>()
        var states: [Upload.State] { saved.values.map(\.state) }

        init(time: any TimeSource, endpoint: String = "https://participant.example") throws {
            client = try TestClient(time: time, endpoint: endpoint)
            // Whatever becomes of the attachments, somebody approved them.
            for number in 1...10 { verdicts.note(.attachment(AttachmentID("attachment-\(number)"), .approved)) }
        }

        func run(
            _ upload: Upload = Upload(id: "u", file: UploaderTests.file),
            with verdicts: AttachmentVerdicts? = nil,
            settlingTime: Duration? = .seconds(120)
        ) async throws -> Upload {
            var settings = Uploader.Settings()
            settings.settlingTime = settlingTime
            let uploader = Uploader(
                connection: client.connection(),
                verdicts: verdicts ?? self.verdicts,
                settings: settings,
                logger: .silent
            )
            return try await uploader.run(upload, path: UploaderTests.path) { saved.append($0) }
        }

        var operations: [Operation?] { client.service.calls.map(\.operation).filter { $0 != .createParticipantConnection } }

        func starts() throws -> [StartAttachmentUploadRequest] {
            try client.service.calls(of: .startAttachmentUpload).map { try $0.decoded() }
        }

        func completes() throws -> [CompleteAttachmentUploadRequest] {
            try client.service.calls(of: .completeAttachmentUpload).map { try $0.decoded() }
        }

        var puts: [HTTPRequest] { client.service.calls(of: nil).map(\.request) }
    }

    private func place(
        _ url: String = "https://store.example/put?X-Amz-Signature=s",
        expiry: Duration? = .seconds(300),
        headers: [String: String]? = [:]
    ) -> ScriptedService.Answer {
        .ok(
            StartAttachmentUploadResponse(
                attachmentID: "attachment-1",
                uploadMetadata: UploadMetadata(
                    url: SignedURL(url),
                    urlExpiry: expiry.map { Timestamp(time.now.addingTimeInterval($0 / .seconds(1))) },
                    headersToInclude: headers
                )
            )
        )
    }

    // MARK: The whole path

    @Test("Start, PUT, Complete, verdict: each saved before the next")
    func wholePath() async throws {
        let rig = try Rig(time: time)
        let upload = try await rig.run()
        #expect(upload.state == .approved)
        #expect(upload.attachmentID == "attachment-1")
        #expect(rig.states == [.started, .stored, .completed, .approved])
        #expect(rig.operations == [.startAttachmentUpload, nil, .completeAttachmentUpload])
        #expect(
            try rig.starts() == [
                StartAttachmentUploadRequest(
                    contentType: "text/plain",
                    attachmentSizeInBytes: 9,
                    attachmentName: "إيصال.txt",
                    clientToken: upload.startToken
                )
            ]
        )
        #expect(
            try rig.completes() == [CompleteAttachmentUploadRequest(attachmentIDs: ["attachment-1"], clientToken: upload.completeToken)]
        )
        #expect(time.sleeps.isEmpty)
    }

    @Test("The PUT has the headers of HeadersToInclude verbatim, and nothing else")
    func exactPut() async throws {
        let rig = try Rig(time: time)
        _ = try await rig.run()
        let put = try #require(rig.puts.first)
        #expect(put.method == "PUT")
        #expect(put.url == "https://store.example/put/1?X-Amz-Signature=s")
        #expect(
            Set(put.headers) == [
                HTTPHeader("Content-Type", "text/plain"),
                HTTPHeader("Content-Length", "9"),
                HTTPHeader("Content-Disposition", #"attachment; filename="56102_file.txt""#),
                HTTPHeader("x-amz-acl", "bucket-owner-full-control"),
                HTTPHeader("x-amz-meta-contact_id", "c-1"),
            ]
        )
        #expect(put.headers.count == 5)
        guard case .file(Self.path, 9, "00") = put.body else {
            Issue.record("the body is not the file")
            return
        }
    }

    @Test("Where no headers are to be included, none is")
    func noHeaders() async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(.startAttachmentUpload, place(headers: nil))
        _ = try await rig.run()
        #expect(rig.puts.first?.headers == [])
    }

    // MARK: The rules

    @Test(
        "A file that the service would not take is refused before the first call",
        arguments: [
            (UploadFile(name: "a.zip", contentType: "application/zip", size: 1, sha256: ""), "the service takes no files like 'a.zip'"),
            (UploadFile(name: "a.txt", contentType: "text/plain\r\n", size: 1, sha256: ""), "the content type has the character U+D"),
            (UploadFile(name: "a.txt", contentType: "text/plain", size: 0, sha256: ""), "the file is empty"),
            (UploadFile(name: "a.txt", contentType: "text/plain", size: 20_971_521, sha256: ""), "takes up to 20971520 (20 MiB)"),
            (UploadFile(name: "", contentType: "text/plain", size: 1, sha256: ""), "the file's name has 0 characters"),
            (UploadFile(name: "a\n.txt", contentType: "text/plain", size: 1, sha256: ""), "U+A"),
        ]
    )
    func rules(file: UploadFile, reason: String) async throws {
        let rig = try Rig(time: time)
        let upload = try await rig.run(Upload(id: "u", file: file))
        #expect(upload.state == .failed)
        #expect(upload.reason?.contains(reason) == true)
        #expect(rig.states == [.failed])
        #expect(rig.client.service.calls.isEmpty)
    }

    @Test(
        "An upload URL must be encrypted",
        arguments: ["http://store.example/put", "ftp://store.example/put", "", "http://127.0.0.1/put"]
    )
    func plainURL(url: String) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(.startAttachmentUpload, place(url))
        let upload = try await rig.run()
        #expect(upload.state == .failed)
        #expect(upload.reason == "the service gave an upload URL that is not encrypted")
        #expect(rig.puts.isEmpty)
    }

    @Test(
        "A service on this machine may do without, but not lead elsewhere",
        arguments: [
            ("http://127.0.0.1:9/put", Upload.State.approved), ("http://[::1]:9/put", .approved), ("http://store.example/put", .failed),
        ]
    )
    func loopbackURL(url: String, state: Upload.State) async throws {
        let rig = try Rig(time: time, endpoint: "http://127.0.0.1:9")
        rig.client.service.answer(.startAttachmentUpload, place(url))
        #expect(try await rig.run().state == state)
    }

    // MARK: Start and Complete

    @Test(
        "A lost answer is asked for again with the same client token",
        arguments: [
            ScriptedService.Answer.error(.connectionLost), .error(.timedOut), .status(503), .fault(.throttling), .fault(.internalServer),
        ]
    )
    func lostAnswers(answer: ScriptedService.Answer) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(.startAttachmentUpload, answer, answer)
        rig.client.service.answer(.completeAttachmentUpload, answer, answer)
        let upload = try await rig.run()
        #expect(upload.state == .approved)
        #expect(upload.generation == 1)
        #expect(try rig.starts().map(\.clientToken) == [upload.startToken, upload.startToken, upload.startToken])
        #expect(try rig.completes().map(\.clientToken) == [upload.completeToken, upload.completeToken, upload.completeToken])
        #expect(rig.puts.count == 1)
    }

    @Test(
        "What the service refuses fails with its reason and is not repeated",
        arguments: [Operation.startAttachmentUpload, .completeAttachmentUpload],
        [ServiceFault.Kind.validation, .serviceQuotaExceeded]
    )
    func refusals(operation: Operation, kind: ServiceFault.Kind) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(operation, .fault(kind))
        let upload = try await rig.run()
        #expect(upload.state == .failed)
        #expect(upload.reason?.contains("\(kind)") == true)
        #expect(upload.reason?.contains("scripted") == true)
        #expect(rig.client.service.calls(of: operation).count == 1)
    }

    @Test(
        "A 403 renews the connection once; a second fails the upload",
        arguments: [Operation.startAttachmentUpload, .completeAttachmentUpload]
    )
    func accessDenied(operation: Operation) async throws {
        let renewed = try Rig(time: time)
        renewed.client.service.answer(operation, .fault(.accessDenied))
        #expect(try await renewed.run().state == .approved)
        #expect(renewed.client.service.calls(of: operation).count == 2)
        #expect(renewed.client.service.calls(of: .createParticipantConnection).count == 2)

        let refused = try Rig(time: time)
        refused.client.service.answer(operation, .fault(.accessDenied), .fault(.accessDenied))
        let upload = try await refused.run()
        #expect(upload.state == .failed)
        #expect(upload.reason?.contains("AccessDeniedException") == true)
    }

    @Test("A 409 on Complete is asked again with the same token, with pauses, until it is taken")
    func conflict() async throws {
        let rig = try Rig(time: time)
        for _ in 0..<4 { rig.client.service.answer(.completeAttachmentUpload, .fault(.conflict)) }
        let verdicts = AttachmentVerdicts()
        rig.client.service.answer(.completeAttachmentUpload, .after { verdicts.note(.attachment("attachment-1", .approved)) })
        let upload = try await rig.run(with: verdicts)
        #expect(upload.state == .approved)
        #expect(rig.states == [.started, .stored, .completed, .approved])
        #expect(try rig.completes().map(\.clientToken) == Array(repeating: upload.completeToken, count: 5))
        #expect(time.sleeps == [.milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600)])
    }

    @Test(
        "A 409 is over as soon as the verdict is there, by an item or in the transcript",
        arguments: [AttachmentStatus.approved, .rejected]
    )
    func conflictWithVerdict(status: AttachmentStatus) async throws {
        for isItem in [true, false] {
            let rig = try Rig(time: time)
            for _ in 0..<100 { rig.client.service.answer(.completeAttachmentUpload, .fault(.conflict)) }
            let verdicts = AttachmentVerdicts()
            if isItem { verdicts.note(.attachment("attachment-1", status)) }
            if !isItem { rig.client.service.transcript = [.attachment("attachment-1", status)] }
            #expect(try await rig.run(with: verdicts).state == (status == .approved ? .approved : .rejected))
            #expect(try rig.completes().count == 1)
        }
    }

    @Test("A 409 for ever fails the upload after two minutes, with the service's words")
    func endlessConflict() async throws {
        let rig = try Rig(time: time)
        for _ in 0..<1000 { rig.client.service.answer(.completeAttachmentUpload, .fault(.conflict)) }
        let upload = try await rig.run(with: AttachmentVerdicts())
        #expect(upload.state == .failed)
        #expect(upload.reason == "CompleteAttachmentUpload failed: ConflictException (409): scripted (request r-1)")
        #expect(time.uptime > .seconds(100) && time.uptime <= .seconds(120))
        #expect(try Set(rig.completes().map(\.clientToken)) == [upload.completeToken])
    }

    @Test("Whoever has a deadline of its own ends a 409, or a scan that never ends, by cancelling", arguments: [true, false])
    func ownDeadline(isConflict: Bool) async throws {
        let time = VirtualTime()
        let rig = try Rig(time: time)
        if isConflict { for _ in 0..<1000 { rig.client.service.answer(.completeAttachmentUpload, .fault(.conflict)) } }
        let task = Task { try await rig.run(with: AttachmentVerdicts(), settlingTime: nil) }
        for _ in 0..<30 {
            await time.sleepers(1)
            time.advance(by: .seconds(10))
        }
        await time.sleepers(1)
        #expect(rig.states.last == (isConflict ? .stored : .completed))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("A scan that never ends fails the upload after two minutes")
    func endlessScan() async throws {
        let time = VirtualTime()
        let rig = try Rig(time: time)
        async let upload = rig.run(with: AttachmentVerdicts())
        for _ in 0..<12 { await time.pass(.seconds(10)) }
        #expect(try await upload.state == .failed)
        #expect(try await upload.reason == "the service did not say in time whether it takes the file")
    }

    @Test("A service that cannot be reached for long is an error, and the upload stays where it was")
    func unreachable() async throws {
        let rig = try Rig(time: time)
        for _ in 0..<100 { rig.client.service.answer(.completeAttachmentUpload, .error(.cannotConnect)) }
        let error = await #expect(throws: ParticipantError.self) { try await rig.run() }
        #expect(error?.isRetryable == true)
        #expect(rig.states == [.started, .stored])
    }

    // MARK: The PUT

    @Test("A refused URL begins a new generation, with new client tokens", arguments: [403, 404])
    func newGeneration(status: Int) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(
            nil,
            .status(status, body: "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")
        )
        let upload = try await rig.run()
        #expect(upload.state == .approved)
        #expect(upload.generation == 2)
        #expect(upload.attachmentID == "attachment-2")
        #expect(rig.states == [.started, .planned, .started, .stored, .completed, .approved])
        let tokens = try rig.starts().map(\.clientToken)
        #expect(tokens.count == 2)
        #expect(Set(tokens).count == 2)
        #expect(
            try rig.completes() == [CompleteAttachmentUploadRequest(attachmentIDs: ["attachment-2"], clientToken: upload.completeToken)]
        )
        #expect(rig.puts.map(\.url) == ["https://store.example/put/1?X-Amz-Signature=s", "https://store.example/put/2?X-Amz-Signature=s"])
    }

    @Test("Credentials that expired behind the URL begin a new generation, too")
    func expiredCredentials() async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(nil, .status(400, body: "<?xml version=\"1.0\"?><Error><Code>ExpiredToken</Code></Error>"))
        #expect(try await rig.run().generation == 2)
    }

    @Test(
        "A store in trouble is tried again at the same place",
        arguments: [
            ScriptedService.Answer.status(500), .status(503, body: "<Error><Code>SlowDown</Code></Error>"), .status(429), .status(408),
            .status(409),
            .status(400, body: "<Error><Code>RequestTimeout</Code></Error>"), .error(.connectionLost), .error(.timedOut),
            .error(.cannotConnect),
        ]
    )
    func retriesPut(answer: ScriptedService.Answer) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(nil, answer, answer)
        let upload = try await rig.run()
        #expect(upload.state == .approved)
        #expect(upload.generation == 1)
        #expect(Set(rig.puts.map(\.url)) == ["https://store.example/put/1?X-Amz-Signature=s"])
        #expect(rig.puts.count == 3)
        #expect(time.sleeps == [.milliseconds(200), .milliseconds(400)])
    }

    @Test("After six tries at one place another is asked for; after five places it fails")
    func givesUp() async throws {
        let rig = try Rig(time: time)
        for _ in 0..<100 { rig.client.service.answer(nil, .status(500, body: "<Error><Code>InternalError</Code></Error>")) }
        let upload = try await rig.run()
        #expect(upload.state == .failed)
        #expect(upload.reason == "given up after 5 tries: the store answered 500: InternalError")
        #expect(rig.puts.count == 30)
        #expect(try Set(rig.starts().map(\.clientToken)).count == 5)
    }

    @Test("An expired URL is not used again")
    func expiredURL() async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(.startAttachmentUpload, place("https://store.example/old", expiry: .milliseconds(100)))
        rig.client.service.answer(nil, .error(.connectionLost))
        let upload = try await rig.run()
        #expect(upload.generation == 2)
        #expect(rig.puts.map(\.url) == ["https://store.example/old", "https://store.example/put/1?X-Amz-Signature=s"])
    }

    @Test("A URL that has expired as it comes says that the clocks differ; the store decides", arguments: [Duration.seconds(-7200), .zero])
    func clocksDiffer(expiry: Duration) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(.startAttachmentUpload, place(expiry: expiry))
        let upload = try await rig.run()
        #expect(upload.state == .approved)
        #expect(upload.generation == 1)
    }

    @Test(
        "What the store will never take fails the upload",
        arguments: [
            (ScriptedService.Answer.status(400, body: "<Error><Code>EntityTooSmall</Code></Error>"), "(400): EntityTooSmall"),
            (.status(411), "(411): no reason given"), (.status(307), "(307)"), (.error(.invalidRequest), "could not be sent"),
            (.error(.tls), "could not be sent"),
        ]
    )
    func putRefusals(answer: ScriptedService.Answer, reason: String) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(nil, answer)
        let upload = try await rig.run()
        #expect(upload.state == .failed)
        #expect(upload.reason?.contains(reason) == true)
        #expect(upload.reason?.contains("X-Amz-Signature") == false)
        #expect(rig.puts.count == 1)
    }

    // MARK: The verdict

    @Test("A rejected file ends rejected")
    func rejected() async throws {
        let rig = try Rig(time: time)
        let verdicts = AttachmentVerdicts()
        verdicts.note(.attachment("attachment-1", .rejected))
        let upload = try await rig.run(with: verdicts)
        #expect(upload.state == .rejected)
        #expect(upload.reason == "the service's scanner rejected the file")
    }

    @Test("The verdict comes with the item, whenever that is")
    func verdictFromItem() async throws {
        let time = VirtualTime()
        let rig = try Rig(time: time)
        let verdicts = AttachmentVerdicts()
        async let upload = rig.run(with: verdicts)
        await time.sleepers(1)
        verdicts.note(.attachment("another", .rejected))
        verdicts.note(.attachment("attachment-1", .approved))
        #expect(try await upload.state == .approved)
        #expect(rig.client.service.calls(of: .getTranscript).isEmpty)
    }

    @Test("Where no item comes, the transcript is asked every ten seconds", arguments: [AttachmentStatus.approved, .rejected])
    func verdictFromTranscript(status: AttachmentStatus) async throws {
        let time = VirtualTime()
        let rig = try Rig(time: time)
        let transcripts: [[Item]] = [
            [.attachment("another", .rejected)],
            [.attachment("attachment-1", .inProgress)],
            [.message("m"), .attachment("attachment-1", status), .attachment("another", .rejected, item: "i-2")],
        ]
        for items in transcripts { rig.client.service.answer(.getTranscript, .ok(GetTranscriptResponse(transcript: items))) }
        async let upload = rig.run(with: AttachmentVerdicts())
        for _ in transcripts { await time.pass(.seconds(10)) }
        #expect(try await upload.state == (status == .approved ? .approved : .rejected))
    }

    // MARK: Going on

    private func upload(_ events: Upload.Event...) -> Upload {
        var upload = Upload(id: "u", file: Self.file)
        for event in events { upload.apply(event) }
        return upload
    }

    @Test("Once started, a place is asked for again with the same client token")
    func resumesStarted() async throws {
        let rig = try Rig(time: time)
        let begun = upload(.started("attachment-1"))
        let upload = try await rig.run(begun)
        #expect(upload.state == .approved)
        #expect(upload.generation == 1)
        #expect(try rig.starts().map(\.clientToken) == [begun.startToken])
        #expect(rig.puts.count == 1)
    }

    @Test("A service that has forgotten the client token gives a new attachment, and that is the one to complete")
    func resumesForgotten() async throws {
        let rig = try Rig(time: time)
        let upload = try await rig.run(upload(.started("attachment-0")))
        #expect(upload.state == .approved)
        #expect(try rig.completes().map(\.attachmentIDs) == [["attachment-1"]])
    }

    @Test("Once stored, only Complete is left")
    func resumesStored() async throws {
        let rig = try Rig(time: time)
        let begun = upload(.started("attachment-1"), .stored)
        #expect(try await rig.run(begun).state == .approved)
        #expect(rig.operations == [.getTranscript, .completeAttachmentUpload])
        #expect(try rig.completes().map(\.clientToken) == [begun.completeToken])
    }

    @Test("A completion whose answer was lost is found in the transcript by its id, and not repeated", arguments: [true, false])
    func resumesCompletedUnknown(isScanned: Bool) async throws {
        let rig = try Rig(time: time)
        rig.client.service.transcript = [
            .attachment("another", .rejected), .attachment("attachment-1", isScanned ? .approved : .inProgress),
        ]
        #expect(try await rig.run(upload(.started("attachment-1"), .stored)).state == .approved)
        #expect(rig.operations == [.getTranscript])
    }

    @Test("A completion that is refused because it was one already is no failure", arguments: [ServiceFault.Kind.conflict, .validation])
    func refusedCompletion(kind: ServiceFault.Kind) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(.completeAttachmentUpload, .error(.connectionLost), .fault(kind))
        rig.client.service.transcript = [.attachment("attachment-1", .rejected)]
        #expect(try await rig.run(with: AttachmentVerdicts()).state == .rejected)
    }

    @Test("A verdict that was given while nobody listened is in the transcript at once")
    func resumesVerdict() async throws {
        let rig = try Rig(time: VirtualTime())
        rig.client.service.transcript = [.attachment("attachment-1", .approved)]
        let begun = upload(.started("attachment-1"), .stored, .completed)
        #expect(try await rig.run(begun, with: AttachmentVerdicts()).state == .approved)
    }

    @Test("Once completed, only the verdict is left")
    func resumesCompleted() async throws {
        let rig = try Rig(time: time)
        #expect(try await rig.run(upload(.started("attachment-1"), .stored, .completed)).state == .approved)
        #expect(rig.operations == [])
    }

    @Test("Once at its end, nothing is left", arguments: [Upload.Event.approved, .rejected("virus"), .failed("no")])
    func resumesFinal(event: Upload.Event) async throws {
        let rig = try Rig(time: time)
        let begun = upload(.started("attachment-1"), .stored, .completed, event)
        #expect(try await rig.run(begun) == begun)
        #expect(rig.operations == [])
        #expect(rig.states == [])
    }

    @Test("What cannot be saved stops the upload before its next step")
    func cannotSave() async throws {
        struct DiskFull: Error {}
        let rig = try Rig(time: time)
        let uploader = Uploader(connection: rig.client.connection(), verdicts: rig.verdicts, logger: .silent)
        await #expect(throws: DiskFull.self) {
            try await uploader.run(Upload(id: "u", file: Self.file), path: Self.path) { upload in
                if upload.state == .stored { throw DiskFull() }
            }
        }
        #expect(rig.operations == [.startAttachmentUpload, nil])
    }

    @Test("Cancelling stops it at any step", arguments: [Operation?.some(.startAttachmentUpload), nil, .some(.completeAttachmentUpload)])
    func cancels(operation: Operation?) async throws {
        let rig = try Rig(time: time)
        rig.client.service.answer(operation, .never)
        let task = Task { try await rig.run() }
        try await rig.client.service.next(operation)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("Cancelling stops the waiting for the verdict")
    func cancelsVerdict() async throws {
        let time = VirtualTime()
        let rig = try Rig(time: time)
        let task = Task { try await rig.run(with: AttachmentVerdicts()) }
        await time.sleepers(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(rig.states == [.started, .stored, .completed])
    }
}
