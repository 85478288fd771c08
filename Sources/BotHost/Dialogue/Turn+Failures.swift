import ActionKit
import FoundationEssentials
import Logging

/// What happens when a step fails or is out of time.
extension Turn {
    /// The step in progress has failed: its `otherwise` goes on, or that of the step that it belongs to, or else the run is over.
    mutating func fail(_ failure: StepFailure) {
        cancelEffects()
        state.run?.waiting = nil
        let line = currentStep?.line
        // A step's `otherwise` is for the step, not for what fails in the `otherwise` itself.
        var isFromOtherwise = false
        for frame in state.run?.frames.reversed() ?? [] {
            if !isFromOtherwise, let otherwise = step(of: frame)?.otherwise {
                state.run?.frames.append(Run.Frame(block: otherwise, failure: failure))
                return
            }
            isFromOtherwise = frame.failure != nil
            if state.run?.frames.count != 1 { state.run?.frames.removeLast() }
        }
        giveUp(failure, line: line)
    }

    /// The run is over, and a behaviour for that case may begin.
    mutating func giveUp(_ failure: StepFailure, line: Int? = nil) {
        emit(.log(.error, "the run ends: \(failure.reason)"), line: line ?? currentStep?.line ?? 1)
        let item = state.run?.item
        let body = state.run?.frames.first?.block
        stop()
        let wasForFailures = definition.behaviours.contains { $0.body == body && $0.trigger == .failed }
        guard !wasForFailures, !state.hasEnded else { return }
        startFirst(failure: failure, item: item) { $0 == .failed }
    }

    /// Ends what has waited for too long: the outermost step, where several have.
    mutating func expire() {
        guard let run = state.run else { return }
        for (index, frame) in run.frames.enumerated() {
            guard let deadline = frame.deadline, deadline <= now else { continue }
            cancelEffects()
            state.run?.waiting = nil
            state.run?.frames.removeSubrange(index...)
            return timeOut()
        }
        guard let waiting = run.waiting, let deadline = waiting.deadline, deadline <= now else { return }
        if case .wait(let duration)? = currentStep?.kind, duration <= currentStep?.within ?? duration {
            complete(.null)
        } else {
            timeOut(isAnswerMissing: waiting.inquiry != nil)
        }
    }

    private mutating func timeOut(isAnswerMissing: Bool = false) {
        let limit = currentStep?.within.map { "within \($0.briefly)" } ?? "in time"
        let what = if isAnswerMissing || currentStep?.isQuestion ?? false { "no answer" } else { "not done" }
        fail(StepFailure(reason: "\(what) \(limit)", kind: .timeout))
    }
}

extension Duration {
    /// As a bot file writes it: `5s`, `500ms`.
    var briefly: String {
        let milliseconds = Int((self / .milliseconds(1)).rounded())
        for (unit, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000)] where milliseconds >= size && milliseconds % size == 0 {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}
