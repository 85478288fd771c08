import ActionKit
import BotHost
import ConnectWire
import Foundation
import Participant
import Transport

/// Does what lines of the REPL ask for: what a chat script can do, and what is for somebody who looks on.
struct ReplCommands: Sendable {
    let service: ChatService
    let pace: RealPace
    /// Nil where service and bots are elsewhere.
    let host: ReplHost?
    let modules: ModuleHost
    let ledger: ItemLedger
    let recording: Recording
    let made: MadeFiles
    /// Told what there is to be shown.
    let show: @Sendable (ReplOutput) -> Void
    /// Asks the person for something that is not shown; nil where nobody gives it.
    let askForSecret: @Sendable (String) async -> String?

    var cast: Cast { service.cast }

    /// - Parameter place: Of the line, where it is in a script.
    func perform(_ command: Command, place: Problem.Place?) async throws {
        switch command {
        case .start(let bot, _, _):
            for warning in try await host?.serve(bot, beside: folder(of: place)) ?? [] { show(.notice(warning)) }
            try await chat(place).perform(command)
            try await untilConnected(try cast.speaker)
        case .use(_, _?):
            try await chat(place).perform(command)
            try await untilConnected(try cast.speaker)
        case .connect(let connect): try await self.connect(connect)
        case .attach(let path): try await chat(place).perform(.attach(path: made.path(of: path) ?? path))
        case .sessions: show(.answer(sessions))
        case .participants: show(.answer(try participants))
        case .transcript(let format, let path): try await transcript(format, path)
        case .save(let item, let path): try await save(item, path)
        case .uploads: show(.answer(uploads))
        case .act(let action, let parameters): try await act(action, parameters)
        case .modules(let reload): try await tellModules(reload: reload)
        case .raw(let operation, let body): try await raw(operation, body)
        case .why(let item): show(.answer(try await why(item)))
        case .faults(.list): show(.answer(try await faults()))
        case .record(let path): show(.notice(try recording.keep(in: path)))
        case .replay(let path): try await replay(path)
        default: try await chat(place).perform(command)
        }
    }

    private func chat(_ place: Problem.Place?) -> ChatCommands {
        ChatCommands(service: service, pace: pace, folder: folder(of: place)) { upload, sent in
            let name = cast.current?.name ?? ""
            show(.upload(ShownUpload(upload, sentBytes: sent, session: name)))
        }
    }

    private func folder(of place: Problem.Place?) -> String {
        guard let slash = place?.file.lastIndex(of: "/"), let file = place?.file else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    // MARK: Sessions

    private func connect(_ connect: Command.Connect) async throws {
        let text: String
        if connect.tokenFile == "-" {
            guard let given = await askForSecret("participant token (not shown): ") else { throw Problem("no token was given") }
            text = given
        } else {
            do throws(FileProblem) {
                text = try SecretFile.read(connect.tokenFile)
            } catch {
                throw Problem("\(error)", status: .usage)
            }
        }
        guard let token = ParticipantToken(validating: text) else {
            throw Problem("that is no participant token: it is one word of 1 to 1,000 characters", status: .usage)
        }
        let name = try cast.newName(connect.name ?? connect.role.rawValue.capitalized)
        let part = Person.Part(name: name, role: connect.role, participantID: connect.participantID, token: token)
        let before = cast.current
        service.enter(part)
        let person = try cast.speaker
        do {
            try await untilConnected(person)
        } catch {
            // Whoever was not let in is not whom one goes on as.
            if person.hasEnded, let before, before.name != name { try? cast.use(before.name) }
            throw error
        }
    }

    /// What is wrong with a token is told at once. A service that does not answer is gone on with, and is tried again, as ever.
    private func untilConnected(_ person: Person) async throws {
        let end = pace.uptime + .seconds(10)
        var mayComeYet = true
        while mayComeYet, !person.hasConnected {
            let strikes = person.bell.strikes
            if let ending = person.ending { throw Problem(ending, status: .connection) }
            if !person.hasConnected { mayComeYet = try await pace.goOn(until: end, person.bell, after: strikes) }
        }
    }

    private var sessions: Answer {
        let current = cast.current?.name
        let rows = cast.people.map { person -> (String, JSON) in
            let mark = person.name == current ? "*" : " "
            let state = person.ending ?? (person.hasConnected ? "connected" : "connecting")
            let bot = person.bot.map { "with \($0)" } ?? ""
            let contact = person.contactID?.rawValue ?? ""
            return (
                "\(mark) \(person.name.padded(to: 14)) \(person.role.rawValue.lowercased().padded(to: 10)) \(bot.padded(to: 16)) \(state)  \(contact)",
                [
                    "name": .string(person.name), "role": .string(person.role.rawValue), "contact": .string(contact),
                    "bot": person.bot.map(JSON.string) ?? .null, "state": .string(state), "current": .bool(person.name == current),
                ]
            )
        }
        let lines = rows.isEmpty ? ["no chat yet; \\start BOT begins one"] : rows.map(\.0)
        return Answer(command: "sessions", lines: lines, value: .array(rows.map(\.1)))
    }

    /// By the items of the chat: who has come, and who has gone; oneself first.
    private var participants: Answer {
        get throws {
            var order: [ParticipantID] = []
            var known: [ParticipantID: (name: String, role: String, isThere: Bool)] = [:]
            let speaker = try cast.speaker
            for item in speaker.items {
                guard let id = item.participantID, item.participantRole != .system else { continue }
                if known[id] == nil { order.append(id) }
                let name = item.displayName ?? known[id]?.name ?? ""
                known[id] = (name, item.participantRole?.rawValue ?? known[id]?.role ?? "", item.contentType != .participantLeft)
            }
            let own = speaker.participantID
            order = order.filter { $0 == own } + order.filter { $0 != own }
            let rows = order.compactMap { id in known[id].map { (id, $0) } }
            return Answer(
                command: "participants",
                lines: rows.map { "  \($1.name.padded(to: 20)) \($1.role.lowercased().padded(to: 12)) \($1.isThere ? "there" : "left")" },
                value: .array(
                    rows.map {
                        ["id": .string($0.rawValue), "name": .string($1.name), "role": .string($1.role), "there": .bool($1.isThere)]
                    }
                )
            )
        }
    }
}

extension ShownUpload {
    init(_ upload: Upload, sentBytes: Int64, session: String) {
        self.init(
            session: session,
            name: upload.file.name,
            state: upload.state.rawValue,
            sentBytes: sentBytes,
            size: upload.file.size,
            reason: upload.reason,
            isFinal: upload.state.isFinal
        )
    }
}
