import AsyncAlgorithms
import Participant
import Transport

/// What a session hears of. One input is taken at a time, and who sends one waits until it is: a slow session holds back its own socket only.
struct SessionInbox: Sendable {
    enum Input: Sendable {
        case arrival(LiveConnection.Arrival)
        case outcome(EffectID, EffectResult)
        /// Nothing will arrive any more.
        case over(SessionEnding)
        case broken(any Error)
    }

    private let channel = AsyncChannel<Input>()

    func send(_ input: Input) async {
        await channel.send(input)
    }

    /// Nobody takes anything any more; who waits to send goes on.
    func finish() {
        channel.finish()
    }

    /// - Returns: The next input; nil when the time was over first.
    func next(within limit: Duration?, time: any TimeSource) async throws -> Input? {
        guard let limit else { return try await take() }
        return try await withThrowingTaskGroup(of: Input?.self) { group in
            group.addTask { try await take() }
            group.addTask {
                try await time.sleep(for: limit)
                return nil
            }
            var input = try await group.next() ?? nil
            group.cancelAll()
            // The other one may have taken an input at the same moment; it must not be lost.
            while let late = await group.nextResult() {
                if input == nil, case .success(let taken?) = late { input = taken }
            }
            return input
        }
    }

    private func take() async throws -> Input {
        var iterator = channel.makeAsyncIterator()
        guard let input = await iterator.next() else { throw CancellationError() }
        return input
    }
}

/// How a session came to its end.
package enum SessionEnding: Hashable, Sendable, CustomStringConvertible {
    case chatEnded
    /// The bot left.
    case left
    /// The service took the bot out of the chat, as it does with a custom participant when an agent joins.
    case removed
    /// The service refuses to connect the bot (any more).
    case refused(String)
    /// The chat ended, or the bot's part in it, without a word to the bot: the service refuses even a new connection.
    case accessLost
    case outlived

    package var description: String {
        switch self {
        case .chatEnded: "the chat ended"
        case .left: "the bot left"
        case .removed: "the service took the bot out of the chat"
        case .refused(let reason): "the service refused the connection: \(reason)"
        case .accessLost: "the chat is over: the service refuses even a new connection"
        case .outlived: "the chat is older than any chat can be"
        }
    }
}
