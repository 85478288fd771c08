package import ConnectWire
package import Transport

/// A call to the participant service came to nothing.
package struct ParticipantError: Error, Sendable {
    package var operation: Operation
    package var cause: Cause
    /// How often it was tried.
    package var attempts: Int

    package init(operation: Operation, cause: Cause, attempts: Int) {
        self.operation = operation
        self.cause = cause
        self.attempts = attempts
    }

    package enum Cause: Sendable {
        /// The service answered with an error.
        case fault(ServiceFault)
        /// There was no answer.
        case transport(HTTPError)
        /// The service answered 200 with something that is not what the model promises.
        case malformedAnswer(String)
    }
}

extension ParticipantError {
    package var fault: ServiceFault? {
        if case .fault(let fault) = cause { fault } else { nil }
    }

    package func isFault(_ kinds: ServiceFault.Kind...) -> Bool {
        fault.map { kinds.contains($0.meaning) } ?? false
    }

    package var isCancellation: Bool {
        if case .transport(let error) = cause { error.code == .cancelled } else { false }
    }

    /// What is done about it; ``FaultPolicy`` has the table.
    package var reaction: FaultPolicy.Reaction { reaction(of: operation) }

    /// What is done about it by whoever wanted the operation, also where it was a renewal on the way to it that failed.
    package func reaction(of operation: Operation) -> FaultPolicy.Reaction {
        switch cause {
        case .fault(let fault): FaultPolicy.reaction(to: fault, of: operation)
        case .transport(let error):
            switch error.code {
            case .cannotConnect, .connectionLost, .timedOut: .again
            case .invalidRequest, .unusableBody, .tls, .responseTooLarge, .cancelled: .refusal
            }
        // Something between here and the service spoke in its place, as captive portals and failing proxies do.
        case .malformedAnswer: .again
        }
    }

    /// Whether the same call, with the same client token, may succeed later.
    package var isRetryable: Bool { reaction == .again || reaction == .againSlower }

    /// Whether the service has said no, and will not say anything else to the same call.
    package var isRefusal: Bool { fault != nil && !isRetryable }

    /// Whether the service may have acted although no answer says so.
    package var mayHaveActed: Bool {
        switch cause {
        case .fault(let fault): fault.status >= 500
        case .transport(let error): error.code == .connectionLost || error.code == .timedOut || error.code == .cancelled
        case .malformedAnswer: true
        }
    }
}

extension ParticipantError: CustomStringConvertible {
    package var description: String {
        let reason =
            switch cause {
            case .fault(let fault): "\(fault)"
            case .transport(let error): "no answer: \(error)"
            case .malformedAnswer(let problem): "the answer cannot be read: \(problem)"
            }
        return attempts > 1 ? "\(operation.rawValue) failed \(attempts) times: \(reason)" : "\(operation.rawValue) failed: \(reason)"
    }
}
