import Glibc
import Synchronization

/// Places where the process can be made to die, for tests of what survives that. Without one armed, passing a place costs a comparison.
package struct CrashPoints: Sendable {
    /// In the order of a chat's life. Something that was "answered" is not stored yet.
    package enum Point: String, CaseIterable, Sendable {
        /// A chat from the intake, before the 202.
        case intakeStored = "intake.stored"
        case connectionCreated = "connection.created"
        case connectionStored = "connection.stored"
        case turnDecided = "turn.decided"
        case turnCommitted = "turn.committed"
        case effectSending = "effect.sending"
        case effectAnswered = "effect.answered"
        case effectStored = "effect.stored"
        case spoolWritten = "spool.written"
        case uploadStarting = "upload.starting"
        case uploadStarted = "upload.started"
        case uploadStartStored = "upload.start-stored"
        /// At the beginning of the PUT.
        case uploadPutting = "upload.putting"
        case uploadPut = "upload.put"
        case uploadPutStored = "upload.put-stored"
        case uploadCompleting = "upload.completing"
        case uploadCompleted = "upload.completed"
        case uploadCompleteStored = "upload.complete-stored"
        /// The scanner's verdict is known.
        case uploadVerdict = "upload.verdict"
        case sessionEnded = "session.ended"
    }

    private let armed: ArmedPoint?

    package static let none = Self(armed: nil)

    private init(armed: ArmedPoint?) {
        self.armed = armed
    }

    /// - Parameter text: `POINT` or `POINT:N`, for its N-th passing.
    package init(parsing text: String) throws(UnknownCrashPoint) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let passings = parts.count == 1 ? 1 : Int(parts[1]) ?? 0
        guard let point = Point(rawValue: parts[0]), passings > 0 else { throw UnknownCrashPoint(text: text) }
        self.init(armed: ArmedPoint(point, passings: passings))
    }

    /// Ends the process with SIGKILL if this is the passing that was asked for.
    package func pass(_ point: Point) {
        guard let armed, armed.isLastPassing(of: point) else { return }
        kill(getpid(), SIGKILL)
    }
}

private final class ArmedPoint: Sendable {
    private let point: CrashPoints.Point
    private let passingsLeft: Mutex<Int>

    init(_ point: CrashPoints.Point, passings: Int) {
        self.point = point
        passingsLeft = Mutex(passings)
    }

    func isLastPassing(of point: CrashPoints.Point) -> Bool {
        guard point == self.point else { return false }
        return passingsLeft.withLock { left in
            left -= 1
            return left == 0
        }
    }
}

package struct UnknownCrashPoint: Error, CustomStringConvertible {
    package var text: String

    package var description: String {
        let known = CrashPoints.Point.allCases.map(\.rawValue).joined(separator: ", ")
        return "'\(text)' is no crash point; it must be POINT or POINT:N, with N from 1 and a POINT of: \(known)"
    }
}
