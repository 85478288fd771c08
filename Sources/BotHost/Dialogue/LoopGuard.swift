import ConnectWire
import FoundationEssentials

/// Tells when what a bot answers is no person any more, but another bot or an autoresponder, which would go on for ever.
///
/// It goes by when a message was sent, so that what was typed within an hour may be answered at once after a restart. What is answered at the same
/// instant counts once: on a virtual clock a typed line passes no time, however long a script is.
struct LoopGuard: Hashable, Codable, Sendable {
    /// How often the same text may come right after the bot's own reply.
    static let repetitionLimit = 8
    /// Nobody answers sooner, time after time, who has to read first.
    static let reactionTime: TimeInterval = 2
    /// How long the bot then answers nothing.
    static let pause: TimeInterval = 60

    /// When the minute began that is counted, and what was answered in it.
    private var minute: Date?
    private var answered = 0
    private var answeredAt: Date?
    /// What was said last, and how often running.
    private var text: UInt64?
    private var repetitions = 0
    private var repliedAt: Date?
    private var pausedUntil: Date?

    enum Verdict: Equatable {
        case answer
        case ignore
        /// Nothing is answered from now on; with what showed it.
        case loop(String)
    }

    /// Whether it can go on counting from what was stored.
    var isCountable: Bool { (0...1_000_000).contains(answered) && (0...1_000_000).contains(repetitions) }

    /// The bot has replied.
    mutating func reply(at now: Date) {
        repliedAt = now
    }

    /// Takes note of an item that would be answered.
    /// - Parameter limit: How many may be within a minute.
    mutating func verdict(on item: ChatItem, limit: Int, now: Date) -> Verdict {
        if let end = pausedUntil {
            guard end <= now else { return .ignore }
            self = LoopGuard()
        }
        guard answeredAt != now else { return .answer }
        answeredAt = now
        countMinute(item.time)
        countRepetition(of: item)
        let sign: String
        if answered > limit {
            sign = "more than \(limit) messages within a minute"
        } else if repetitions >= Self.repetitionLimit {
            sign = "the same message \(repetitions) times running, each right after a reply"
        } else {
            return .answer
        }
        pausedUntil = now.addingTimeInterval(Self.pause)
        return .loop(sign)
    }

    private mutating func countMinute(_ time: Date) {
        if let minute, time < minute.addingTimeInterval(60) {
            answered += 1
        } else {
            (minute, answered) = (time, 1)
        }
    }

    private mutating func countRepetition(of item: ChatItem) {
        // It may be here before the call that sent the reply has answered.
        let isRightAfterReply = repliedAt.map { abs(item.time.timeIntervalSince($0)) <= Self.reactionTime } ?? false
        repliedAt = nil
        let said = item.fingerprint
        repetitions = isRightAfterReply && said == text ? repetitions + 1 : 1
        text = said
    }
}

extension ChatItem {
    /// The same for the same words of the same role, in every run of the program (FNV-1a): all that is kept of what was said.
    fileprivate var fingerprint: UInt64 {
        "\(role) \(text ?? "")".utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}

extension Turn {
    /// Whether an item may be answered. The one that shows that a machine is talking ends the run, and is the last for a while.
    mutating func mayAnswer(_ item: ChatItem) -> Bool {
        guard let limit = definition.limits.messagesPerMinute, item.isContribution else { return true }
        var loopGuard = state.loopGuard ?? LoopGuard()
        let verdict = loopGuard.verdict(on: item, limit: limit, now: now)
        state.loopGuard = loopGuard
        switch verdict {
        case .answer: return true
        case .ignore: return false
        case .loop(let sign):
            let pause = Duration.seconds(LoopGuard.pause).briefly
            giveUp(StepFailure(reason: "this looks like a loop: \(sign); nothing is answered for \(pause)", kind: .loop))
            return false
        }
    }
}

extension ChatItem {
    /// Whether it is something that a participant says or sends, and not what happens in the chat.
    fileprivate var isContribution: Bool {
        switch kind {
        case .message, .attachment: true
        case .event: false
        }
    }
}
