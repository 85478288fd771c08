import ConnectWire
import Foundation

/// Keeps what happens in the chats as lines of a chat script that `attache test` passes. Pure.
///
/// What the current participant hears is expected, in order; what takes time is waited for. Ids and tokens never get in.
struct Recorder {
    private(set) var lines: [String] = []
    private var current: String?
    /// When the last thing happened, on the clock of the caller.
    private var last: Duration?
    private var hasActed = false

    /// Beyond it nothing more is kept.
    static let capacity = 50_000
    /// Shorter pauses are not worth a line.
    private static let pause = Duration.seconds(1)

    private(set) var isFull = false

    /// - Parameter text: The line as it was typed.
    /// - Parameter speaker: Who is speaking once it is done.
    mutating func did(_ command: Command, _ text: String, speaker: String?, bot: String? = nil, began: Duration, at now: Duration) {
        switch command {
        case .start:
            pause(until: began)
            add(RecordedText(text).line)
            current = speaker
            hasActed = false
        case .connect:
            add("\\start \((bot ?? "BOT").quotedIfNeeded) --as \((speaker ?? "Customer").quotedIfNeeded)")
            current = speaker
            hasActed = false
        case .use:
            pause(until: began)
            add(RecordedText(text).line)
            current = speaker
        case .say, .attach, .typing, .read, .delivered, .choose, .leave, .faults(.add), .faults(.clear), .expectNothing:
            pause(until: began)
            add(RecordedText(text).line)
            hasActed = true
        default: return
        }
        last = now
    }

    mutating func heard(_ item: Item, by person: String, isOwn: Bool, at now: Duration) {
        guard person == current, !isOwn, let expectation = RecordedExpectation(item, mayBeJoining: hasActed) else { return }
        let took = now - (last ?? now)
        add("\\expect \(expectation.text)" + (took > .seconds(8) ? " within \(Self.seconds(took) + 10)s" : ""))
        last = now
    }

    private mutating func pause(until now: Duration) {
        guard let last, now - last >= Self.pause else { return }
        add("\\wait \(Self.seconds(now - last))s")
    }

    private static func seconds(_ duration: Duration) -> Int64 { duration.components.seconds }

    private mutating func add(_ line: String) {
        guard lines.count < Self.capacity else {
            isFull = true
            return
        }
        lines.append(line)
    }
}

extension String {
    var quotedIfNeeded: String {
        contains { $0.isWhitespace || $0 == "\"" || $0 == "#" } || isEmpty ? quotedForScript : self
    }

    /// As ``WordReader`` reads it back.
    var quotedForScript: String {
        let escaped = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n").replacing("\t", with: "\\t")
        return "\"\(escaped)\""
    }
}
