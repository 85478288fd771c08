import BotHost
import ConnectWire
import Foundation

/// Does what a line asks for in the chats, at whatever pace time passes: for chat scripts and for the REPL alike.
struct ChatCommands: Sendable {
    let service: ChatService
    let pace: any Pace
    /// Where the paths of a script are relative to.
    var folder = "."
    var watcher: Person.UploadWatcher = { _, _ in }

    /// How long an expected item may take.
    private static let patience = Duration.seconds(10)

    private var cast: Cast { service.cast }

    /// - Returns: The item that was expected.
    @discardableResult
    func perform(_ command: Command) async throws -> Item? {
        switch command {
        case .start(let bot, let name, let attributes):
            let name = try cast.newName(name ?? "Customer")
            try await enter { try await service.startChat(with: bot, as: name, attributes: attributes) }
        case .use(let name, nil): try cast.use(name)
        case .use(let name, let role?):
            let person = try cast.speaker
            let name = try cast.newName(name)
            try await enter { try await service.add(name, as: role, beside: person) }
        case .say(let text), .choose(let text): try await act { try await $0.say(text) }
        case .typing: try await act { try await $0.showTyping() }
        case .read: try await act { try await $0.acknowledge(.messageRead) }
        case .delivered: try await act { try await $0.acknowledge(.messageDelivered) }
        case .leave: try await act { try await $0.leave() }
        case .attach(let path): try await act { try await $0.attach(resolve(path), watcher: watcher) }
        case .retry(let name): try await act { try await $0.retry(name, watcher: watcher) }
        case .faults(.add(let json)): try await act { try await service.addFault(json, besides: $0) }
        case .faults(.clear): try await pace.complete { try await service.clearFaults() }
        case .wait(let duration): try await pace.wait(duration)
        case .advance(let duration): try await pace.advance(by: duration)
        case .expect(let expectation, let allowsSkipping, let within):
            return try await expect(expectation, allowsSkipping: allowsSkipping, within: within ?? Self.patience)
        case .expectNothing(let duration):
            try await pace.wait(duration)
            let news = try cast.speaker.news
            if !news.isEmpty { throw Unmet(problem: "expected nothing for \(duration)", came: news) }
        case .raw(let operation, let body): try await act { _ = try await $0.callRaw(operation, body: body) }
        default: throw ScriptProblem("this line is for the REPL: a test has nobody who looks on")
        }
        return nil
    }

    func resolve(_ path: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : folder + "/" + path
    }

    private func enter(_ work: @escaping @Sendable () async throws -> Void) async throws {
        try await pace.complete(work)
        await pace.settle()
    }

    private func act(_ action: @escaping @Sendable (Person) async throws -> Void) async throws {
        let person = try cast.speaker
        if let ending = person.ending {
            throw ScriptProblem(
                #"\#(person.name) cannot do that any more: \#(ending). \start begins another chat, \use goes on as somebody else"#
            )
        }
        try await pace.complete { try await action(person) }
    }

    // MARK: Expecting

    private func expect(_ expectation: Expectation, allowsSkipping: Bool, within: Duration) async throws -> Item {
        let person = try cast.speaker
        let end = pace.uptime + within
        await pace.settle()
        var seen = Set<ItemID>()
        // What was different in an item that almost fitted.
        var difference = ""
        var mayComeYet = true
        while true {
            let strikes = person.bell.strikes
            for item in person.news where seen.insert(item.id).inserted {
                if let mismatch = try await mismatch(of: item, with: expectation, for: person) {
                    if !mismatch.isEmpty { difference = mismatch }
                    if !allowsSkipping { throw Unmet(problem: "expected next \(expectation)\(mismatch)", came: [item]) }
                } else {
                    person.pass(item)
                    return item
                }
            }
            guard mayComeYet else { break }
            mayComeYet = try await pace.goOn(until: end, person.bell, after: strikes)
        }
        throw Unmet(problem: "expected \(expectation) within \(within)\(difference)", came: person.news)
    }

    /// - Returns: Nil where the item fits, else what is different, if that is worth a word.
    private func mismatch(of item: Item, with expectation: Expectation, for person: Person) async throws -> String? {
        guard case .file(let file) = expectation else { return expectation.fits(item) ? nil : "" }
        guard let attachment = item.attachments?.first(where: { $0.attachmentName == file.name && $0.status != .rejected }) else {
            return ""
        }
        if let type = file.contentType, attachment.contentType?.rawValue != type { return "" }
        guard file.contains != nil || file.equals != nil else { return nil }
        let bytes = try await pace.complete { try await person.download(attachment) }
        if let text = file.contains, !String(decoding: bytes, as: UTF8.self).contains(text) { return ": '\(text)' is not in the file" }
        if let path = file.equals {
            guard let golden = FileManager.default.contents(atPath: resolve(path)) else {
                throw ScriptProblem("there is no file '\(path)'")
            }
            if Data(bytes) != golden { return ": the file differs from \(path)" }
        }
        return nil
    }
}

/// An expectation that was not met, and what came instead.
struct Unmet: Error, CustomStringConvertible {
    var problem: String
    var came: [Item]

    var description: String { problem }
}
