import Synchronization

/// The people whom one speaks as, and who of them is speaking. Each listens until the chat is over.
final class Cast: Sendable {
    private struct State {
        var people: [Person] = []
        var current: Person?
    }

    private let state = Mutex(State())
    private let entering: AsyncStream<Person>
    private let door: AsyncStream<Person>.Continuation

    init() {
        // A script has a handful; the bound is for the one that is a mistake.
        (entering, door) = AsyncStream.makeStream(of: Person.self, bufferingPolicy: .bufferingOldest(1000))
    }

    /// In the order of their coming. Who left gives way to another of the same name.
    var people: [Person] { state.withLock { $0.people } }

    var current: Person? { state.withLock { $0.current } }

    /// Who is speaking.
    /// - Throws: ``ScriptProblem`` where there is no chat yet.
    var speaker: Person {
        get throws {
            guard let current else { throw ScriptProblem(#"there is no chat yet; begin with \start BOT"#) }
            return current
        }
    }

    /// Checks that somebody new may have the name.
    func newName(_ name: String) throws -> String {
        guard !people.contains(where: { $0.name == name && !$0.hasEnded }) else {
            throw ScriptProblem("there is a '\(name)' already; give this one another name with --as")
        }
        return name
    }

    func enter(_ person: Person) {
        state.withLock { state in
            state.people.removeAll { $0.name == person.name }
            state.people.append(person)
            state.current = person
        }
        door.yield(person)
    }

    func use(_ name: String) throws {
        guard let person = people.first(where: { $0.name == name }) else {
            throw ScriptProblem("there is nobody called '\(name)' here: \(people.map(\.name).joined(separator: ", "))")
        }
        state.withLock { $0.current = person }
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await person in entering {
                group.addTask { await person.run() }
            }
            group.cancelAll()
        }
    }
}
