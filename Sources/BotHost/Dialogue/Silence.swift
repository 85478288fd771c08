import FoundationEssentials

/// How long the other side has said nothing.
struct Silence: Hashable, Codable, Sendable {
    /// When it began: the last item of the other side, or the bot's joining. What questions have taken since does not count.
    var start: Date
    /// When the question was asked that is open now.
    var asked: Date?
    /// Which of the bot's idle times comes next.
    var next = 0
    /// When that will be.
    var deadline: Date?
}

/// The part of a turn that measures silence.
extension Turn {
    /// The other side has been heard.
    mutating func breakSilence() {
        state.silence = definition.idleTimes.isEmpty || !state.hasJoined || state.hasEnded ? nil : Silence(start: now)
    }

    /// Starts the behaviour for the idle time that is over, if there is one.
    mutating func answerSilence() {
        guard state.run == nil, var silence = state.silence, let deadline = silence.deadline, deadline <= now else { return }
        let time = definition.idleTimes[silence.next]
        silence.next += 1
        silence.deadline = dueTime(of: silence)
        state.silence = silence
        startFirst { $0 == .idle(time) }
    }

    /// At the end of a turn: a question that is open keeps the silence from growing.
    mutating func measureSilence() {
        guard var silence = state.silence else { return }
        if currentStep?.isQuestion ?? false || state.run?.waiting?.inquiry != nil {
            silence.asked = silence.asked ?? now
        } else if let asked = silence.asked {
            silence.start += max(0, now.timeIntervalSince(asked))
            silence.asked = nil
        }
        silence.deadline = dueTime(of: silence)
        state.silence = silence
    }

    private func dueTime(of silence: Silence) -> Date? {
        // A stored session may have an older definition's count.
        definition.idleTimes.indices.contains(silence.next) ? silence.start + definition.idleTimes[silence.next] : nil
    }
}

extension Step {
    var isQuestion: Bool {
        switch kind {
        case .ask, .choose: true
        default: false
        }
    }
}
