import BotHost
import ConnectWire
import Foundation
import Synchronization
import Transport

/// Plays a chat script on a stage, on the virtual clock.
///
/// A typed line settles the system and passes no time. What needs time to be done jumps from timer to timer, up to a limit.
struct ScriptRun {
    private let script: ChatScript
    private let stage: Stage
    private var people: [Person] = []
    private var current: Person?

    /// How long something may take that has no limit of its own.
    private static let patience = Duration.seconds(10)

    init(_ script: ChatScript, on stage: Stage) {
        self.script = script
        self.stage = stage
    }

    /// - Throws: ``ScriptFailure``
    mutating func run() async throws {
        for step in script.steps {
            do {
                try await perform(step.command)
            } catch {
                let unmet = error as? Unmet
                var bot: String?
                if let current { bot = await stage.whatBotAwaits(in: current.contactID) }
                throw ScriptFailure(
                    script: script.path,
                    step: step,
                    problem: unmet?.problem ?? "\(error)",
                    came: unmet?.came,
                    bot: bot,
                    conversation: conversation
                )
            }
        }
    }

    private mutating func perform(_ command: Command) async throws {
        switch command {
        case .start(let bot, let name, let attributes):
            let name = try newName(name ?? "Customer")
            try await enter(complete { [stage] in try await stage.startChat(with: bot, as: name, attributes: attributes) })
        case .use(let name, nil):
            guard let person = people.first(where: { $0.name == name }) else {
                throw ScriptProblem("there is nobody called '\(name)' here: \(people.map(\.name).joined(separator: ", "))")
            }
            current = person
        case .use(let name, let role?):
            let contact = try speaker.contactID
            let name = try newName(name)
            try await enter(complete { [stage] in try await stage.add(name, as: role, to: contact) })
        case .say(let text): try await act { try await $0.say(text) }
        case .choose(let title): try await act { try await $0.say(title) }
        case .typing: try await act { try await $0.showTyping() }
        case .read: try await act { try await $0.read() }
        case .leave: try await act { try await $0.leave() }
        case .attach(let path):
            let path = resolve(path)
            try await act { try await $0.attach(path) }
        case .faults(let json):
            let contact = try speaker.contactID
            try await complete { [stage] in try await stage.addFault(json, in: contact) }
        case .wait(let duration), .advance(let duration): await stage.time.advance(by: duration)
        case .expect(let expectation, let allowsSkipping, let within):
            try await expect(expectation, allowsSkipping: allowsSkipping, within: within ?? Self.patience)
        case .expectNothing(let duration):
            await stage.time.advance(by: duration)
            let news = try speaker.news
            if !news.isEmpty { throw Unmet(problem: "expected nothing for \(duration)", came: news) }
        }
    }

    // MARK: People

    private var speaker: Person {
        get throws {
            guard let current else { throw ScriptProblem(#"there is no chat yet; begin with \start BOT"#) }
            return current
        }
    }

    private func newName(_ name: String) throws -> String {
        guard !people.contains(where: { $0.name == name }) else {
            throw ScriptProblem("there is a '\(name)' already; give this one another name with --as")
        }
        return name
    }

    private mutating func enter(_ person: Person) async {
        people.append(person)
        current = person
        await stage.time.settle()
    }

    private func act(_ action: @escaping @Sendable (Person) async throws -> Void) async throws {
        let person = try speaker
        try await complete { try await action(person) }
    }

    private func resolve(_ path: String) -> String {
        path.hasPrefix("/") ? path : script.folder + "/" + path
    }

    // MARK: Time

    /// Does something and settles. Time passes only if it cannot be done without.
    private func complete<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let time = stage.time
        let end = time.uptime + Self.patience
        let outcome = Outcome<Value>()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await outcome.set(work) }
            defer { group.cancelAll() }
            await time.settle()
            while outcome.result == nil, await time.fireNextTimer(until: end) {}
            guard let result = outcome.result else { throw ScriptProblem("this was not done within \(Self.patience)") }
            return try result.get()
        }
    }

    private func expect(_ expectation: Expectation, allowsSkipping: Bool, within: Duration) async throws {
        let person = try speaker
        let end = stage.time.uptime + within
        await stage.time.settle()
        var seen = Set<ItemID>()
        // What was different in an item that almost fitted.
        var difference = ""
        while true {
            for item in person.news where seen.insert(item.id).inserted {
                if let mismatch = try await mismatch(of: item, with: expectation, for: person) {
                    if !mismatch.isEmpty { difference = mismatch }
                    if !allowsSkipping { throw Unmet(problem: "expected next \(expectation)\(mismatch)", came: [item]) }
                } else {
                    person.pass(item)
                    return
                }
            }
            guard await stage.time.fireNextTimer(until: end) else { break }
        }
        await stage.time.advance(by: max(.zero, end - stage.time.uptime))
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
        let bytes = try await complete { try await person.download(attachment) }
        if let text = file.contains, !String(decoding: bytes, as: UTF8.self).contains(text) { return ": '\(text)' is not in the file" }
        if let path = file.equals {
            guard let golden = FileManager.default.contents(atPath: resolve(path)) else {
                throw ScriptProblem("there is no file '\(path)'")
            }
            if Data(bytes) != golden { return ": the file differs from \(path)" }
        }
        return nil
    }

    /// The conversation of the current chat, a line an item.
    private var conversation: [String] {
        guard let current else { return [] }
        return current.items.map { ConversationLine(item: $0, start: Stage.start).text }
    }
}

/// An expectation that was not met, and what came instead.
private struct Unmet: Error {
    var problem: String
    var came: [Item]
}

/// Why a script failed: the line, what was expected, what came instead, and the conversation so far.
struct ScriptFailure: Error, CustomStringConvertible {
    var script: String
    var step: ChatScript.Step
    var problem: String
    /// Nil where nothing was expected.
    var came: [Item]?
    /// What the bot was waiting for.
    var bot: String?
    var conversation: [String]

    var description: String {
        var lines = ["\(script):\(step.line): \(problem)", "    \(step.text)"]
        if let came {
            lines.append(came.isEmpty ? "  nothing came" : "  what came instead:")
            lines += came.map { "    " + ConversationLine(item: $0, start: Stage.start).text }
        }
        if let bot { lines.append("  the bot: \(bot)") }
        if !conversation.isEmpty { lines += ["  the conversation so far:"] + conversation.map { "    " + $0 } }
        return lines.joined(separator: "\n")
    }
}

/// What a task has come to.
private final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<Result<Value, any Error>?>(nil)

    var result: Result<Value, any Error>? { state.withLock { $0 } }

    func set(_ work: () async throws -> Value) async {
        let result: Result<Value, any Error>
        do {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        state.withLock { $0 = result }
    }
}
