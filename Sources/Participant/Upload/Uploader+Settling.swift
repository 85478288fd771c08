import ConnectWire
import Logging
import Transport

/// From the stored bytes to the service's verdict: CompleteAttachmentUpload, and the ATTACHMENT item.
extension Uploader {
    /// Takes a stored or completed upload one step on.
    /// - Parameter deadline: The uptime by which it must be done; nil for none.
    /// - Parameter asksTranscript: Whether an earlier run may have completed it. How long the service remembers the client token is not known.
    func settle(_ upload: Upload, by deadline: Duration?, asksTranscript: Bool) async throws -> Upload.Event {
        guard let id = upload.attachmentID else { return .placeLost("the attachment has no id") }
        if upload.state == .stored { return try await complete(upload, id, by: deadline, asksTranscript: asksTranscript) }
        return try await awaitVerdict(on: id, by: deadline, asksTranscript: asksTranscript)
    }

    private func complete(
        _ upload: Upload,
        _ id: AttachmentID,
        by deadline: Duration?,
        asksTranscript: Bool
    ) async throws -> Upload.Event {
        if asksTranscript, let event = try await completionInTranscript(of: id) { return event }
        let request = CompleteAttachmentUploadRequest(attachmentIDs: [id], clientToken: upload.completeToken)
        for attempt in 1... {
            do {
                crashPoints.pass(.uploadCompleting)
                _ = try await connection.call(request)
                crashPoints.pass(.uploadCompleted)
                return .completed
            } catch let error as ParticipantError where error.isRefusal {
                let reaction = error.reaction(of: .completeAttachmentUpload)
                if reaction == .underWay, let known = verdicts.known(for: id) { return event(for: known) }
                // Perhaps because of an earlier call, whose answer was lost. Who is denied access cannot read the transcript either.
                if reaction != .renewal(then: .refused), let event = try await completionInTranscript(of: id) { return event }
                let pause = connection.api.backoff.delay(attempt: attempt)
                guard reaction == .underWay, isTimeLeft(until: deadline, after: pause) else { return .failed("\(error)") }
                logger.info("the upload is being completed; asking again", metadata: ["upload": "\(upload.id)", "reason": "\(error)"])
                try await connection.api.time.sleep(for: pause)
            }
        }
        return .placeLost("never reached")
    }

    /// Waits for the ATTACHMENT item; where none comes, in a chat that is polled or after a gap, the transcript is asked.
    private func awaitVerdict(on id: AttachmentID, by deadline: Duration?, asksTranscript: Bool) async throws -> Upload.Event {
        if let known = verdicts.known(for: id) { return event(for: known) }
        if asksTranscript, let status = try await statusInTranscript(of: id), status.isVerdict { return event(for: status) }
        while isTimeLeft(until: deadline) {
            if let status = try await verdictFromItem(id, by: deadline) { return event(for: status) }
            if let status = try await statusInTranscript(of: id), status.isVerdict { return event(for: status) }
        }
        return .failed("the service did not say in time whether it takes the file")
    }

    private func isTimeLeft(until deadline: Duration?, after pause: Duration = .zero) -> Bool {
        deadline.map { connection.api.time.uptime + pause < $0 } ?? true
    }

    private func verdictFromItem(_ id: AttachmentID, by deadline: Duration?) async throws -> AttachmentStatus? {
        let time = connection.api.time
        let interval = min(settings.verdictInterval, deadline.map { $0 - time.uptime } ?? settings.verdictInterval)
        let status = try await withThrowingTaskGroup(of: AttachmentStatus?.self) { group in
            group.addTask { await verdicts.verdict(for: id) }
            group.addTask {
                try await time.sleep(for: interval)
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
}

extension AttachmentStatus {
    fileprivate var isVerdict: Bool { self == .approved || self == .rejected }
}
