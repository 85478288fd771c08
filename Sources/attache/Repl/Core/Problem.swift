import ActionKit
import ConnectWire
import Participant
import Transport

/// What went wrong: a line or two, and more for whoever asks.
struct Problem: Error, Equatable, Sendable {
    var message: String
    var detail: [String] = []
    var status: ExitStatus
    /// In a script.
    var place: Place?

    struct Place: Equatable, Sendable {
        var file: String
        var line: Int
    }

    init(_ message: String, detail: [String] = [], status: ExitStatus = .failed) {
        self.message = message
        self.detail = detail
        self.status = status
    }

    /// Whoever cancelled it knows why.
    static let cancelled = Problem("cancelled")

    init(_ mistakes: ScriptMistakes) {
        self.init(mistakes.description, status: .usage)
    }

    init(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let unmet as Unmet:
            self.init(
                unmet.came.isEmpty ? "\(unmet.problem); nothing came" : "\(unmet.problem); \\error shows what came instead",
                detail: unmet.came.map { ItemText($0).text },
                status: .expectation
            )
        case let error as ParticipantError:
            self.init(
                error.brief,
                detail: ["\(error)"] + (error.fault?.requestID.map { ["request id: \($0)"] } ?? []),
                status: error.status
            )
        case let error as HTTPError: self.init("the service cannot be reached: \(error.detail)", detail: ["\(error)"], status: .connection)
        case is CancellationError: self = .cancelled
        default: self.init("\(error)")
        }
    }

    var inFull: Answer {
        let head = (place.map { "\($0.file):\($0.line): " } ?? "") + message
        return Answer(command: "error", lines: [head] + detail, value: .array(([head] + detail).map(JSON.string)))
    }
}

extension ParticipantError {
    fileprivate var status: ExitStatus {
        switch cause {
        case .transport: .connection
        case .fault, .malformedAnswer: .failed
        }
    }

    /// What happened, and what to do about it.
    fileprivate var brief: String {
        switch cause {
        case .transport(let error): "the service cannot be reached (\(error.detail)); the chat goes on when it can"
        case .fault(let fault) where fault.meaning == .throttling: "the service asks to be called less often; wait a moment"
        case .fault(let fault) where fault.meaning == .accessDenied: "the service refused \(operation.rawValue): \(fault.message)"
        case .fault(let fault): "\(operation.rawValue) failed: \(fault.message)"
        case .malformedAnswer(let problem): "the service's answer cannot be read: \(problem)"
        }
    }
}
