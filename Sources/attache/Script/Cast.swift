/// Runs the people of a stage, each until its chat is over.
final class Cast: Sendable {
    private let entering: AsyncStream<Person>
    private let door: AsyncStream<Person>.Continuation

    init() {
        // A script has a handful; the bound is for the one that is a mistake.
        (entering, door) = AsyncStream.makeStream(of: Person.self, bufferingPolicy: .bufferingOldest(1000))
    }

    func enter(_ person: Person) {
        door.yield(person)
    }

    func run() async {
        await withDiscardingTaskGroup { group in
            for await person in entering {
                // A person whose chat is over has nothing more to hear.
                group.addTask { try? await person.run() }
            }
            group.cancelAll()
        }
    }
}
