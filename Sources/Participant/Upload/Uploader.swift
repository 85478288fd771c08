import ConnectWire
import FoundationEssentials
package import Logging
import Transport

/// Moves an upload to its end: StartAttachmentUpload, PUT, CompleteAttachmentUpload, the service's verdict.
///
/// Every step is saved before the next begins, and every step may be repeated, so that an upload goes on from whichever state it is in. Nothing is
/// completed whose id is not saved, so an attachment whose completion got lost is found in the transcript by its id.
package struct Uploader: Sendable {
    private let connection: ParticipantConnection
    private let verdicts: AttachmentVerdicts
    private let settings: Settings
    private let crashPoints: CrashPoints
    private let logger: Logger

    package struct Settings: Sendable {
        /// For one PUT.
        package var putTimeout: Duration = .seconds(300)
        /// Tries of a PUT at one place, before a new generation.
        package var putAttempts = 6
        /// How often the transcript is asked for a verdict that no item brought.
        package var verdictInterval: Duration = .seconds(10)

        package init() {}
    }

    package init(
        connection: ParticipantConnection,
        verdicts: AttachmentVerdicts,
        settings: Settings = Settings(),
        crashPoints: CrashPoints = .none,
        logger: Logger
    ) {
        self.connection = connection
        self.verdicts = verdicts
        self.settings = settings
        self.crashPoints = crashPoints
        self.logger = logger
    }

    /// - Parameter path: Where the file's bytes are.
    /// - Parameter progress: Told, on any thread, how many bytes of the file were sent; less than before when they are sent again.
    /// - Parameter save: Stores the row; called after every change, before the next step.
    /// - Returns: The upload in a final state.
    /// - Throws: What `save` throws, `CancellationError`, and ``ParticipantError`` when the service could not be reached for long, or would not
    ///   tell its verdict: the upload may be run again, from where it is.
    package func run(
        _ planned: Upload,
        path: String,
        progress: (@Sendable (Int64) -> Void)? = nil,
        save: @Sendable (Upload) async throws -> Void
    ) async throws -> Upload {
        var upload = planned
        var place: Place?
        // Of what an earlier run may have done, the transcript knows more than this row.
        var asksTranscript = planned.state == .stored || planned.state == .completed
        while !upload.state.isFinal {
            let before = upload
            switch upload.state {
            case .planned,
                .started where place == nil:
                place = try await start(&upload)
            case .started:
                if let place { apply(try await put(upload, to: place, from: path, progress), to: &upload) }
            case .stored:
                apply(try await complete(upload, asksTranscript: asksTranscript), to: &upload)
            case .completed:
                apply(try await awaitVerdict(on: upload, asksTranscript: asksTranscript), to: &upload)
            case .approved, .rejected, .failed:
                break
            }
            asksTranscript = false
            if upload != before {
                try await save(upload)
                crashPoints.pass(afterStoring: upload.state)
                log(upload)
            }
        }
        return upload
    }

    private func apply(_ event: Upload.Event, to upload: inout Upload) {
        if case .placeLost(let reason) = event {
            logger.info("the upload begins anew", metadata: ["upload": "\(upload.id)", "reason": "\(reason)"])
        }
        upload.apply(event)
    }

    /// Where the bytes go.
    private struct Place {
        var url: SignedURL
        var headers: [HTTPHeader]
        var expiry: Date?
    }

    private func start(_ upload: inout Upload) async throws -> Place? {
        let file = upload.file
        if let violation = AttachmentRules.documented.check(name: file.name, contentType: file.contentType, size: file.size) {
            upload.apply(.failed("\(violation)"))
            return nil
        }
        let request = StartAttachmentUploadRequest(
            contentType: file.contentType,
            attachmentSizeInBytes: file.size,
            attachmentName: file.name,
            clientToken: upload.startToken
        )
        do {
            crashPoints.pass(.uploadStarting)
            let answer = try await connection.call(request)
            crashPoints.pass(.uploadStarted)
            guard connection.api.endpoint.allows(answer.uploadMetadata.url.exposed) else {
                upload.apply(.failed("the service gave an upload URL that is not encrypted"))
                return nil
            }
            upload.apply(.started(answer.attachmentID))
            // What is said to have expired as it comes says that the clocks differ; the store will tell.
            let expiry = answer.uploadMetadata.urlExpiry.map(\.date).flatMap { $0 > connection.api.time.now ? $0 : nil }
            return Place(
                url: answer.uploadMetadata.url,
                headers: (answer.uploadMetadata.headersToInclude ?? [:]).map { HTTPHeader($0.key, $0.value) }.sorted { $0.name < $1.name },
                expiry: expiry
            )
        } catch let error as ParticipantError where error.isRefusal {
            upload.apply(.failed("\(error)"))
            return nil
        }
    }

    private func put(
        _ upload: Upload,
        to place: Place,
        from path: String,
        _ progress: (@Sendable (Int64) -> Void)?
    ) async throws -> Upload.Event {
        let api = connection.api
        var request = HTTPRequest(
            "PUT",
            place.url.exposed,
            headers: place.headers,
            body: .file(path: path, size: upload.file.size),
            timeout: settings.putTimeout,
            responseLimit: 64 * 1024
        )
        request.progress = progress
        for attempt in 1... {
            if let expiry = place.expiry, expiry <= api.time.now { return .placeLost("the upload URL expired") }
            let problem: String
            do {
                crashPoints.pass(.uploadPutting)
                let response = try await api.http.send(request)
                switch response.status {
                case 200..<300:
                    crashPoints.pass(.uploadPut)
                    return .stored
                case 400 where response.storeReason == "RequestTimeout": problem = "the store waited too long for the file"
                case 400 where response.storeReason == "ExpiredToken": return .placeLost("the upload URL's credentials expired")
                case 403, 404: return .placeLost("the store refused the upload URL (\(response.status)): \(response.storeReason)")
                case 408, 409, 429, 500...: problem = "the store answered \(response.status): \(response.storeReason)"
                default: return .failed("the store refused the file (\(response.status)): \(response.storeReason)")
                }
            } catch {
                switch error.code {
                case .cancelled: throw CancellationError()
                case .cannotConnect, .connectionLost, .timedOut: problem = "\(error)"
                case .invalidRequest, .tls, .responseTooLarge: return .failed("the file could not be sent: \(error)")
                }
            }
            if attempt >= settings.putAttempts { return .placeLost(problem) }
            logger.info("sending the file is tried again", metadata: ["upload": "\(upload.id)", "reason": "\(problem)"])
            try await api.time.sleep(for: api.backoff.delay(attempt: attempt))
        }
        return .placeLost("never reached")
    }

    /// - Parameter asksTranscript: Whether an earlier run may have completed it. How long the service remembers the client token is not known.
    private func complete(_ upload: Upload, asksTranscript: Bool) async throws -> Upload.Event {
        guard let id = upload.attachmentID else { return .placeLost("the attachment has no id") }
        if asksTranscript, let event = try await completionInTranscript(of: id) { return event }
        do {
            crashPoints.pass(.uploadCompleting)
            _ = try await connection.call(CompleteAttachmentUploadRequest(attachmentIDs: [id], clientToken: upload.completeToken))
            crashPoints.pass(.uploadCompleted)
            return .completed
        } catch let error as ParticipantError where error.isRefusal {
            // Perhaps because of an earlier call, whose answer was lost. Who is denied access cannot read the transcript either.
            if !error.isFault(.accessDenied), let event = try await completionInTranscript(of: id) { return event }
            // 409: it is being completed. The verdict will tell.
            return error.isFault(.conflict) ? .completed : .failed("\(error)")
        }
    }

    /// Waits for the ATTACHMENT item; where none comes, in a chat that is polled or after a gap, the transcript is asked.
    private func awaitVerdict(on upload: Upload, asksTranscript: Bool) async throws -> Upload.Event {
        guard let id = upload.attachmentID else { return .placeLost("the attachment has no id") }
        if let known = verdicts.known(for: id) { return event(for: known) }
        if asksTranscript, let status = try await statusInTranscript(of: id), status.isVerdict { return event(for: status) }
        while true {
            if let status = try await verdictFromItem(id) { return event(for: status) }
            if let status = try await statusInTranscript(of: id), status.isVerdict { return event(for: status) }
        }
    }

    private func verdictFromItem(_ id: AttachmentID) async throws -> AttachmentStatus? {
        let time = connection.api.time
        let status = try await withThrowingTaskGroup(of: AttachmentStatus?.self) { group in
            group.addTask { await verdicts.verdict(for: id) }
            group.addTask {
                try await time.sleep(for: settings.verdictInterval)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        try Task.checkCancellation()
        return status
    }

    /// What completing brought about already; nil where the transcript has no such attachment.
    private func completionInTranscript(of id: AttachmentID) async throws -> Upload.Event? {
        guard let status = try await statusInTranscript(of: id) else { return nil }
        return status.isVerdict ? event(for: status) : .completed
    }

    /// The last word about an attachment; nil where it is not there.
    private func statusInTranscript(of id: AttachmentID) async throws -> AttachmentStatus? {
        let items = try await TranscriptReader(connection).items(limit: 500)
        let statuses = items.flatMap { $0.attachments ?? [] }.filter { $0.attachmentID == id }.map { $0.status ?? .inProgress }
        return statuses.last(where: \.isVerdict) ?? statuses.last
    }

    private func event(for status: AttachmentStatus) -> Upload.Event {
        crashPoints.pass(.uploadVerdict)
        return status == .approved ? .approved : .rejected("the service's scanner rejected the file")
    }

    private func log(_ upload: Upload) {
        var metadata: Logger.Metadata = ["upload": "\(upload.id)", "file": "\(upload.file.name)", "state": "\(upload.state.rawValue)"]
        if upload.generation > 1 { metadata["generation"] = "\(upload.generation)" }
        if let reason = upload.reason { metadata["reason"] = "\(reason)" }
        logger.log(level: upload.state == .rejected || upload.state == .failed ? .warning : .debug, "upload", metadata: metadata)
    }
}

extension CrashPoints {
    fileprivate func pass(afterStoring state: Upload.State) {
        switch state {
        case .started: pass(.uploadStartStored)
        case .stored: pass(.uploadPutStored)
        case .completed: pass(.uploadCompleteStored)
        case .planned, .approved, .rejected, .failed: break
        }
    }
}

extension AttachmentStatus {
    fileprivate var isVerdict: Bool { self == .approved || self == .rejected }
}

extension ParticipantError {
    /// The service will never take this call: 400, 402, and a 403 that a renewed connection did not mend.
    fileprivate var isRefusal: Bool {
        guard let status = fault?.status else { return false }
        return (400..<500).contains(status) && status != 429
    }
}

extension HTTPResponse {
    /// The `Code` of S3's XML error, or nothing more than that there was none. The message may repeat signed headers, so it is not shown.
    fileprivate var storeReason: String {
        let text = String(decoding: body.prefix(4096), as: UTF8.self)
        guard let start = text.firstRange(of: "<Code>")?.upperBound, let end = text[start...].firstRange(of: "</Code>")?.lowerBound else {
            return "no reason given"
        }
        return String(text[start..<end].prefix(100))
    }
}
