import ConnectWire
import Foundation
import Participant
import Transport

/// Drives the REPL: takes what is typed, heard and done, asks the machine what to make of it, and does that.
struct ReplDriver {
    private var machine: ReplMachine
    private let commands: ReplCommands
    private let events: ReplEvents
    private let display: any ReplDisplay
    private let input: ReplInput
    private let time: any TimeSource
    /// Rung to cancel the command that runs.
    private let cancel = Bell()

    init(
        machine: ReplMachine,
        commands: ReplCommands,
        events: ReplEvents,
        display: any ReplDisplay,
        input: ReplInput,
        time: any TimeSource
    ) {
        self.machine = machine
        self.commands = commands
        self.events = events
        self.display = display
        self.input = input
        self.time = time
    }

    /// - Returns: What the process is to end with.
    mutating func run() async -> ExitStatus {
        let (cast, input, events) = (commands.cast, input, events)
        let status = await withTaskGroup(of: Void.self) { group in
            group.addTask { await cast.run() }
            group.addTask { await input.run(events) }
            defer { group.cancelAll() }
            updatePrompt()
            input.wantsMore()
            for await event in events.stream {
                if let status = handle(event, in: &group) {
                    display.close(whatStaysOpen)
                    return status
                }
            }
            return .failed
        }
        await input.hasEnded()
        return status
    }

    private mutating func handle(_ event: ReplEvent, in group: inout TaskGroup<Void>) -> ExitStatus? {
        switch event {
        case .input(let input): return perform(machine.handle(input), in: &group)
        case .heard(let person, let items): hear(items, by: person)
        case .ended(let person, let reason):
            show(.ended(session: person.name, reason: reason))
            updatePrompt()
        case .shown(let output): show(output)
        case .takesTime(let text): if !machine.isIdle { display.set(status: "-- \(text.prefix(50)) (Ctrl-C stops it)") }
        case .terminate: return .failed
        }
        return nil
    }

    /// - Returns: What to leave with, if it is time to.
    private mutating func perform(_ effects: [ReplMachine.Effect], in group: inout TaskGroup<Void>) -> ExitStatus? {
        for effect in effects {
            switch effect {
            case .run(let command, let text, let place):
                // What took time is over.
                display.set(status: "")
                run(command, text, place, in: &group)
            case .read(let path):
                if let status = perform(machine.handle(Self.script(at: path)), in: &group) { return status }
            case .cancel: cancel.ring()
            case .settle: settle(in: &group)
            case .show(let output): show(output)
            case .leave(let status): return status
            }
        }
        display.set(busy: !machine.isIdle)
        if machine.isIdle { input.wantsMore() }
        updatePrompt()
        return nil
    }

    private static func script(at path: String) -> ReplMachine.Input {
        guard let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) }) else {
            return .finished(.zero, Problem("\(path): there is no such file, or it is not a text in UTF-8", status: .usage))
        }
        return .read(text: text, path: path)
    }

    // MARK: Commands

    private func run(_ command: Command, _ text: String, _ place: Problem.Place?, in group: inout TaskGroup<Void>) {
        let (commands, events, time, cancel) = (commands, events, time, cancel)
        let strikes = cancel.strikes
        let start = time.uptime
        group.addTask {
            let problem = await Self.problem(of: text, unless: cancel, after: strikes, events: events, time: time) {
                try await commands.perform(command, place: place)
                commands.recording.did(command, text, speaker: commands.cast.current, began: start)
            }
            await events.insist(on: .input(.finished(time.uptime - start, problem)))
        }
    }

    /// Until nothing was heard for a while.
    private func settle(in group: inout TaskGroup<Void>) {
        let (cast, events, pace, start) = (commands.cast, events, commands.pace, time.uptime)
        group.addTask {
            while let person = cast.current, pace.uptime - start < Self.settlingLimit {
                let heard = person.bell.strikes
                let isOver = try? await pace.goOn(until: pace.uptime + Self.silence, person.bell, after: heard) == false
                if isOver ?? true { break }
            }
            await events.insist(on: .input(.finished(.zero, nil)))
        }
    }

    private static let silence = Duration.milliseconds(300)
    private static let settlingLimit = Duration.seconds(3)

    /// Does something until it is done or cancelled, and says so where it takes time.
    private static func problem(
        of text: String,
        unless cancel: Bell,
        after strikes: Int,
        events: ReplEvents,
        time: any TimeSource,
        _ work: @escaping @Sendable () async throws -> Void
    ) async -> Problem? {
        await withTaskGroup(of: (isOver: Bool, problem: Problem?).self) { group in
            group.addTask {
                do {
                    try await work()
                    return (true, nil)
                } catch {
                    return (true, Problem(error))
                }
            }
            group.addTask {
                await cancel.wait(after: strikes)
                return (true, .cancelled)
            }
            group.addTask {
                if (try? await time.sleep(for: .milliseconds(400))) != nil { events.tell(.takesTime(text)) }
                return (false, nil)
            }
            defer { group.cancelAll() }
            while let next = await group.next() {
                if next.isOver { return next.problem }
            }
            return nil
        }
    }

    // MARK: Showing

    private func hear(_ items: [Item], by person: Person) {
        commands.recording.heard(items, by: person)
        for item in items {
            let (number, isNew) = commands.ledger.note(item, heardBy: person.name)
            guard isShown(item, heardBy: person, isNew: isNew) else { continue }
            let contacts = Set(commands.cast.people.filter { !$0.hasEnded }.compactMap(\.contactID))
            show(
                .item(
                    ShownItem(
                        number: number,
                        session: person.name,
                        isOwn: machine.settings.json ? person.isOwn(item) : commands.cast.people.contains { $0.isOwn(item) },
                        namesSession: contacts.count > 1,
                        about: item.messageMetadata?.messageID.flatMap(commands.ledger.number),
                        item: item
                    )
                )
            )
        }
        updatePrompt()
    }

    /// For people, an item that several of them hear is shown once.
    private func isShown(_ item: Item, heardBy person: Person, isNew: Bool) -> Bool {
        switch machine.settings.watch {
        case .all: machine.settings.json || isNew
        case .current: person.name == commands.cast.current?.name
        case .off: false
        }
    }

    private func show(_ output: ReplOutput) {
        display.show(output, machine.settings)
    }

    private func updatePrompt() {
        guard machine.isInteractive else { return }
        let name = commands.cast.current?.name ?? "attache"
        display.set(prompt: machine.isContinuing ? "... " : "\(name)> ", machine.settings)
    }

    /// For whoever leaves.
    private var whatStaysOpen: [String] {
        let open = commands.cast.people.filter { !$0.hasEnded }
        guard !open.isEmpty else { return [] }
        let list = open.map { $0.name + ($0.bot.map { " with \($0)" } ?? "") }.joined(separator: ", ")
        return commands.host == nil
            ? ["\(open.count == 1 ? "A chat goes" : "\(open.count) chats go") on without you at \(commands.service.api.endpoint): \(list)"]
            : ["The local service ends, and with it \(open.count == 1 ? "a chat" : "\(open.count) chats"): \(list)"]
    }
}
