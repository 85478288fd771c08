import ActionKit
import ConnectWire
import Dispatch
import LocalConnect
import Logging
import NIOCore
import TestSupport
import Transport

extension FuzzTarget {
    /// Requests in the form of HTTP, `---` between them, to a service with one chat. `$CONTACT`, `$PARTICIPANT` and `$CONNECTION` stand for its
    /// id and the customer's tokens.
    static let localService = FuzzTarget("local-service", "requests to the local service, its admin API and object store", tokens: tokens) {
        bytes in
        wait { await ServiceVisit()?.play(bytes) }
    }

    private static func wait(for work: @escaping @Sendable () async -> Void) {
        let done = DispatchSemaphore(value: 0)
        Task {
            await work()
            done.signal()
        }
        done.wait()
    }

    private static let tokens =
        wireTokens + [
            "\n---\n", "POST ", "PUT ", "GET ", "DELETE ", "OPTIONS ", "/participant/message\n", "/participant/transcript\n",
            "/local/contacts/$CONTACT/participants", "/local/faults", "/local/contacts/$CONTACT/scan-verdicts", "/objects/", "?x=%zz",
            "X-Amz-Bearer: $CONNECTION\n", "X-Amz-Bearer: $PARTICIPANT\n", "Host: localhost\n", "\n\n", #""ClientToken":"x""#,
            #""MaxResults":-1"#,
            #""StartPosition":{}"#, #""NextToken":"x""#, #""AttachmentSizeInBytes":9223372036854775807"#, "%00", "..", "//",
        ]
}

/// A chat on a service of its own, without sockets.
private struct ServiceVisit {
    private let service: LocalConnect
    private var names: [(name: String, value: String)] = []

    init?() async {
        var configuration = LocalConnect.Configuration()
        configuration.rules.quotas = .off
        let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        guard let service = try? LocalConnect(configuration: configuration, time: SkippingTime(), logger: logger) else { return nil }
        self.service = service
        let chat = await answer(
            "PUT",
            "/contact/chat",
            [],
            #"{"InstanceId":"i","ContactFlowId":"f","ParticipantDetails":{"DisplayName":"Ada"}}"#
        )
        let token = chat?["ParticipantToken"]?.stringValue ?? ""
        let types = #"{"Type":["WEBSOCKET","CONNECTION_CREDENTIALS"]}"#
        let connection = await answer("POST", "/participant/connection", [HTTPHeader(Operation.tokenHeader, token)], types)
        names = [
            ("$CONTACT", chat?["ContactId"]?.stringValue ?? ""), ("$PARTICIPANT", token),
            ("$CONNECTION", connection?["ConnectionCredentials"]?["ConnectionToken"]?.stringValue ?? ""),
        ]
        require(!names.contains { $0.value.isEmpty }, "there is no chat to play in")
    }

    func play(_ bytes: [UInt8]) async {
        let bytes = names.reduce(bytes) { $0.replacing($1.name.utf8, with: $1.value.utf8) }
        for request in bytes.split(separator: Array("\n---\n".utf8)).prefix(16) {
            let end = request.firstRange(of: "\n\n".utf8) ?? request.endIndex..<request.endIndex
            let head = String(decoding: request[..<end.lowerBound], as: UTF8.self).split(separator: "\n")
            let words = head.first?.split(separator: " ") ?? []
            guard words.count == 2 else { continue }
            let headers = head.dropFirst().map { line in
                let parts = line.split(separator: ": ", maxSplits: 1)
                return HTTPHeader(String(parts.first ?? ""), String(parts.last ?? ""))
            }
            _ = await answer(String(words[0]), String(words[1]), headers, String(decoding: request[end.upperBound...], as: UTF8.self))
        }
    }

    /// The answer, if it is JSON.
    private func answer(_ method: String, _ target: String, _ headers: [HTTPHeader], _ body: String) async -> JSON? {
        let parts = AsyncThrowingStream<ByteBuffer, any Error> { continuation in
            continuation.yield(ByteBuffer(string: body))
            continuation.finish()
        }
        let request = ServiceRequest(method: method, target: target, headers: headers + [HTTPHeader("Host", "localhost")], body: parts)
        guard case .response(let response) = await service.respond(to: request) else { return nil }
        require((200...599).contains(response.status), "status \(response.status)")
        let lines = response.headers.filter { $0.name.contains(where: \.isNewline) || $0.value.contains(where: \.isNewline) }
        require(lines.isEmpty, "a header with a line break: \(lines)")
        guard case .bytes(let bytes) = response.body, response.headers["Content-Type"]?.hasPrefix("application/json") == true else {
            return nil
        }
        do {
            return try JSON(parsing: bytes)
        } catch {
            fatalError("an answer is not JSON: \(error)\n\(String(decoding: bytes, as: UTF8.self))")
        }
    }
}
