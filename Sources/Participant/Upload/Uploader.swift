import ConnectWire
import FoundationEssentials
package import Logging
import Transport

/// Moves an upload to its end: StartAttachmentUpload, PUT, CompleteAttachmentUpload, the service's verdict.
///
/// Every step is saved before the next begins, and every step may be repeated, so that an upload goes on from whichever state it is in. Nothing is
/// completed whose id is not saved, so an attachment whose completion got lost is found in the transcript by its id.
package struct Uploader: Sendable {
    let connection: ParticipantConnection
    let verdicts: AttachmentVerdicts
    let settings: Settings
    let crashPoints: CrashPoints
    let logger: Logger

    package struct Settings: Sendable {
        /// For one PUT.
        package var putTimeout: Duration = .seconds(300)
        /// Tries of a PUT at one place, before a new generation.
        package var putAttempts = 6
        /// How often the transcript is asked for a verdict that no item brought.
        package var verdictInterval: Duration = .seconds(10)
        /// How long completing and the verdict may take, before the upload fails. Nil where whoever waits for it has a deadline.
        package var settlingTime: Duration? = .seconds(120)

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
        var deadline: Duration?
        while !upload.state.isFinal {
            let before = upload
            switch upload.state {
            case .planned,
                .started where place == nil:
                place = try await start(&upload)
            case .started:
                if let place { apply(try await put(upload, to: place, from: path, progress), to: &upload) }
            case .stored, .completed:
                deadline = deadline ?? settings.settlingTime.map { connection.api.time.uptime + $0 }
                apply(try await settle(upload, by: deadline, asksTranscript: asksTranscript), to: &upload)
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
            body: .file(path: path, size: upload.file.size, sha256: upload.file.sha256.isEmpty ? nil : upload.file.sha256),
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
                case .unusableBody:
                    logger.error("a file is not what is to be sent", metadata: ["path": "\(path)", "reason": "\(error.detail)"])
                    return .failed("the file '\(upload.file.name)' was not sent: \(error.detail)")
                case .invalidRequest, .tls, .responseTooLarge: return .failed("the file could not be sent: \(error)")
                }
            }
            if attempt >= settings.putAttempts { return .placeLost(problem) }
            logger.info("sending the file is tried again", metadata: ["upload": "\(upload.id)", "reason": "\(problem)"])
            try await api.time.sleep(for: api.backoff.delay(attempt: attempt))
        }
        return .placeLost("never reached")
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
