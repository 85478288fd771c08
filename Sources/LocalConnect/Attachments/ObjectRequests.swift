import ConnectWire
import Logging
import NIOCore
import Transport

/// PUT and GET of objects through pre-signed URLs, with S3's answers.
struct ObjectRequests: Sendable {
    let engine: Engine
    let store: ObjectStore
    let signer: URLSigner
    let logger: Logger

    func reply(to request: ServiceRequest, id: String) async -> ServiceReply {
        do {
            try signer.check(request.method, path: request.path, query: request.query, headers: request.headers, at: engine.now)
            guard let object = ObjectPath.attachmentID(in: request.path) else { throw ObjectFault.noSuchKey }
            switch request.method {
            case "PUT": return try await put(object, request)
            case "GET": return try await get(object, request)
            default: throw ObjectFault.methodNotAllowed
            }
        } catch let fault as ObjectFault {
            return .response(.fault(fault, resource: request.path, requestID: id))
        } catch {
            logger.error("an object request failed: \(error)", metadata: ["path": "\(request.path)"])
            return .response(.fault(.internalError, resource: request.path, requestID: id))
        }
    }

    private func put(_ id: AttachmentID, _ request: ServiceRequest) async throws -> ServiceReply {
        let attachment = try attachment(id)
        let strike = try strike(.put, on: attachment)
        if let delay = strike.delay { await engine.pause(for: delay) }
        if strike.effects.contains(.reset) { return .lost }
        if strike.effects.contains(.breakUpload) {
            try await readHalf(of: request, size: attachment.size)
            return .lost
        }
        guard !attachment.isCompleted else { throw ObjectFault.completed }
        let object: ObjectID
        do {
            object = try await store.receive(request.body, size: attachment.size)
        } catch  where !(error is ObjectFault || error is FileError) {
            logger.info("an upload broke off", metadata: ["attachment": "\(id)", "reason": "\(error)"])
            throw ObjectFault.brokenBody
        }
        // It may have been completed while these bytes came.
        let useless = try await engine.perform { (state, _) throws(ServiceFault) in state.store(object, for: id) }
        if let useless { await store.remove(useless) }
        guard useless != object else { throw ObjectFault.completed }
        if strike.effects.contains(.loseResponse) { return .lost }
        return .response(ServiceResponse(status: 200, headers: [HTTPHeader("ETag", "\"\(id)\"")]))
    }

    private func get(_ id: AttachmentID, _ request: ServiceRequest) async throws -> ServiceReply {
        let attachment = try attachment(id)
        let strike = try strike(.get, on: attachment)
        if let delay = strike.delay { await engine.pause(for: delay) }
        if strike.losesAnswer { return .lost }
        guard let object = attachment.object else { throw ObjectFault.noSuchKey }
        var response = ServiceResponse(
            status: 200,
            headers: [
                HTTPHeader("Content-Type", attachment.contentType),
                HTTPHeader("Content-Disposition", ContentDisposition.attachment(named: attachment.name)),
                HTTPHeader("Accept-Ranges", "bytes"),
                HTTPHeader("ETag", "\"\(id)\""),
            ],
            body: .file(path: store.path(of: object), offset: 0, count: attachment.size)
        )
        if let range = try ByteRange(header: request.headers["Range"], size: attachment.size) {
            response.status = 206
            response.headers.append(HTTPHeader("Content-Range", "bytes \(range.first)-\(range.last)/\(attachment.size)"))
            response.body = .file(path: store.path(of: object), offset: range.first, count: range.last - range.first + 1)
        }
        return .response(response)
    }

    private func strike(_ operation: ObjectOperation, on attachment: Attachment) throws -> Strike {
        let strike = engine.withState { state, _ in
            state.faults.strike(operation.rawValue, in: attachment.contactID, by: state.participants[attachment.ownerID]?.role)
        }
        guard let status = strike.status else { return strike }
        throw ObjectFault(status: status, code: status == 503 ? "SlowDown" : "InternalError", message: "a fault that was asked for")
    }

    private func readHalf(of request: ServiceRequest, size: Int64) async throws {
        var left = size / 2
        for try await chunk in request.body {
            left -= Int64(chunk.readableBytes)
            if left <= 0 { return }
        }
    }

    private func attachment(_ id: AttachmentID) throws -> Attachment {
        guard let attachment = engine.withState({ state, _ in state.attachments[id] }) else { throw ObjectFault.noSuchKey }
        return attachment
    }
}

extension ServiceState {
    /// - Returns: The object that nobody needs: the one before, or this one where the upload was completed already.
    fileprivate mutating func store(_ object: ObjectID, for id: AttachmentID) -> ObjectID? {
        guard var attachment = attachments[id], !attachment.isCompleted else { return object }
        let earlier = attachment.object
        attachment.stage = .stored
        attachment.object = object
        save(attachment)
        return earlier
    }
}

/// One range of bytes, as the Range header asks for it (RFC 9110, section 14).
struct ByteRange: Hashable {
    let first: Int64
    let last: Int64

    /// - Returns: Nil where the whole object is to be sent: no header, another unit, several ranges, or a header that makes no sense.
    /// - Throws: A range that lies behind the object's end.
    init?(header: String?, size: Int64) throws(ObjectFault) {
        guard let header, header.hasPrefix("bytes=") else { return nil }
        let ends = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        switch (Int64(ends[0]), Int64(ends[1])) {
        case (let start?, let end?) where start <= end:
            first = start
            last = min(end, size - 1)
        case (let start?, nil) where ends[1].isEmpty:
            first = start
            last = size - 1
        case (nil, let count?) where ends[0].isEmpty && count >= 0:
            guard count > 0 else { throw .invalidRange }
            first = max(0, size - count)
            last = size - 1
        default:
            return nil
        }
        guard first < size else { throw .invalidRange }
    }
}
