import ActionKit
import ConnectWire
import FoundationEssentials

/// Calls of actions, and the questions that they put to the customer.
extension Turn {
    mutating func call(_ call: Step.Call, _ step: Step) throws(StepFailure) {
        try begin(call, step, continuation: nil)
    }

    private mutating func begin(_ call: Step.Call, _ step: Step, continuation: Inquiry.Continuation?) throws(StepFailure) {
        let call = ActionCall(
            module: call.module,
            action: call.action,
            parameters: try call.parameters.evaluate(in: scope),
            variables: scope.named,
            deadline: step.within.map { now + $0 },
            continuation: continuation
        )
        waitFor([emit(.call(call), line: step.line)], step)
    }

    /// Puts what the module wants to know next to the customer.
    mutating func ask(_ inquiry: Inquiry, retries: Int) {
        guard let step = currentStep, let prompt = inquiry.current else { return }
        do {
            try send(prompt.text, as: .plainText, step, retries: retries)
            state.run?.waiting?.inquiry = inquiry
            // The customer's time is not the module's.
            state.run?.waiting?.deadline = nil
        } catch {
            fail(error)
        }
    }

    /// Takes the message as the answer to what a module asked, or for what else it may mean.
    mutating func answerInquiry(_ item: ChatItem, _ text: String) {
        guard let step = currentStep, case .call(let call) = step.kind, var inquiry = state.run?.waiting?.inquiry else { return }
        guard inquiry.take(text) else { return reject(item, inquiry) }
        // The run stays about the item that it was about, so the call goes on with the parameters that it began with.
        guard let continuation = inquiry.continuation else { return ask(inquiry, retries: Inquiry.retries) }
        do {
            try begin(call, step, continuation: continuation)
        } catch {
            fail(error)
        }
    }

    private mutating func reject(_ item: ChatItem, _ inquiry: Inquiry) {
        if let other = interruption(by: item) {
            stop()
            return start(other)
        }
        let retries = state.run?.waiting?.retries ?? 0
        guard retries > 0 else {
            return fail(.unanswered(afterRetries: Inquiry.retries))
        }
        ask(inquiry, retries: retries - 1)
    }
}
