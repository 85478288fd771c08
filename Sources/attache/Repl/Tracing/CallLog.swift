import ActionKit
import ConnectWire
import Synchronization
import Transport

/// Notes which calls of the API made which items. A client that passes everything on.
final class CallLog: HTTPClient {
    struct Call: Equatable, Sendable {
        var operation: String
        /// Nil where there was no answer.
        var status: Int?
        var duration: Duration
        /// The items and attachments that it was about.
        var ids: Set<String>

        var text: String {
            "\(operation) \(status.map(String.init) ?? "without an answer") in \(duration.milliseconds) ms"
        }
    }

    private let client: any HTTPClient
    private let time: any TimeSource
    private let calls = Mutex<[Call]>([])

    /// The oldest are forgotten beyond it.
    private static let capacity = 5000

    init(_ client: any HTTPClient, time: any TimeSource) {
        self.client = client
        self.time = time
    }

    /// In the order of their answers.
    func calls(about ids: Set<String>) -> [Call] {
        calls.withLock { $0 }.filter { !$0.ids.isDisjoint(with: ids) }
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let start = time.uptime
        do throws(HTTPError) {
            let response = try await client.send(request)
            note(request, response, since: start)
            return response
        } catch {
            note(request, nil, since: start)
            throw error
        }
    }

    private func note(_ request: HTTPRequest, _ response: HTTPResponse?, since start: Duration) {
        let path = request.path
        guard let operation = Operation.allCases.first(where: { $0.path == path })?.rawValue ?? (request.method == "PUT" ? "PUT" : nil)
        else {
            return
        }
        var ids = Self.ids(in: response?.body ?? [])
        if case .bytes(let body) = request.body { ids.formUnion(Self.ids(in: body)) }
        if operation == "PUT" { ids.formUnion(path.split(separator: "/").map(String.init)) }
        let call = Call(operation: operation, status: response?.status, duration: time.uptime - start, ids: ids)
        calls.withLock { calls in
            calls.append(call)
            if calls.count > Self.capacity { calls.removeFirst() }
        }
    }

    private static func ids(in body: [UInt8]) -> Set<String> {
        guard let json = try? JSON(mending: body, limits: JSONLimits(depth: 8, bytes: 64 * 1024)) else { return [] }
        let single = ["Id", "AttachmentId"].compactMap { json[$0]?.stringValue }
        return Set(single + (json["AttachmentIds"]?.arrayValue ?? []).compactMap(\.stringValue))
    }
}

extension HTTPRequest {
    /// Without scheme, host and query.
    fileprivate var path: String {
        guard let scheme = url.firstRange(of: "://") else { return "" }
        return String(url[scheme.upperBound...].drop { $0 != "/" }.prefix { $0 != "?" })
    }
}
