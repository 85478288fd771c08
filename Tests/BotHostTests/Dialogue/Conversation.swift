import ActionKit
import BotHost
import ConnectWire
import Foundation
import Testing

/// A bot, and what happens to it, as text: a line at the margin is an input, the indented lines below it are the effects it has.
///
/// Inputs: `joined`, `joined Ada`, `ended`, `+5s` (time passes), `customer: text` (or any other role), `customer attaches a.pdf`,
/// `customer event participant.joined`, `customer chooses {json}`, `done 3`, `done 3 {json}`, `failed 3 reason`, `asks 3 integer Question?`.
struct Conversation: Sendable, CustomTestStringConvertible {
    let name: String
    let bot: String
    var role = ParticipantRole.customBot
    let script: String

    var testDescription: String { name }

    static let all = [runs, questions, choices, loops, silences, comparisons, failures, bots, guests, calls].flatMap(\.self)

    /// The script with the effects that the bot really has. At every step the state goes through JSON.
    func play() throws -> String {
        var player = Player(dialogue: Dialogue(definition: try BotHostTests.bot(bot), role: role))
        return try script.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix(" ") }
            .flatMap { line in line.isEmpty ? [""] : [String(line)] + (try player.play(String(line))) }
            .joined(separator: "\n")
    }
}

struct Player {
    private static let start = Date(timeIntervalSince1970: 1_700_000_000)

    let dialogue: Dialogue
    var state = DialogueState()
    var now = Self.start
    var reached: Set<SourceMark> = []
    private var items = 0

    init(dialogue: Dialogue) {
        self.dialogue = dialogue
    }

    mutating func play(_ line: String) throws -> [String] {
        let input = try input(line)
        let step = dialogue.step(state, input, now: now)
        let stored = try JSONDecoder().decode(DialogueState.self, from: JSONEncoder().encode(step.state))
        #expect(stored == step.state)
        state = stored
        reached.formUnion(step.reached)
        return step.effects.map { "  " + describe($0) }
    }

    private mutating func input(_ line: String) throws -> DialogueInput {
        let words = line.split(separator: " ", maxSplits: 2).map(String.init)
        switch words[0] {
        case "joined":
            return .joined(
                DialogueFacts(contact: "c-1", attributes: ["tier": "gold"], customerName: words.count > 1 ? words[1] : nil)
            )
        case "ended": return .ended
        case "done":
            let value = words.count > 2 ? try JSON(parsing: words[2]) : .null
            return .outcome(EffectID(rawValue: try number(words[1])), .done(value))
        case "asks":
            let question = words[2].split(separator: " ", maxSplits: 1).map(String.init)
            let prompt = Inquiry.Prompt(request: "q", field: "a", text: question[1], schema: ["type": .string(question[0])])
            return .outcome(EffectID(rawValue: try number(words[1])), .asks(Inquiry(prompts: [prompt], state: .null)))
        case "failed": return .outcome(EffectID(rawValue: try number(words[1])), .failed(words.count > 2 ? words[2] : "broken"))
        case let word where word.hasPrefix("+"):
            now += Double(try number(String(word.dropFirst().dropLast())))
            return .tick
        default: return .item(try item(line, words))
        }
    }

    private mutating func item(_ line: String, _ words: [String]) throws -> ChatItem {
        items += 1
        let name = String(words[0].split(separator: ":")[0])
        let kind: ChatItem.Kind =
            switch words.count > 1 ? words[1] : "" {
            case "attaches":
                .attachment([.init(id: "f-1", name: words[2], type: ContentType(rawValue: "application/pdf"), status: .approved)])
            case "event": .event(.event(words[2]))
            case "chooses": .message(.interactiveResponse, words[2])
            default: .message(.plainText, String(line.split(separator: ": ", maxSplits: 1)[1]))
            }
        return ChatItem(
            id: ItemID("i-\(items)"),
            role: ParticipantRole(rawValue: name.uppercased()),
            kind: kind,
            displayName: name.capitalized,
            contact: "c-1",
            time: now
        )
    }

    private func number(_ text: String) throws -> Int {
        try #require(Int(text))
    }

    private func describe(_ effect: DialogueEffect) -> String {
        let what =
            switch effect.kind {
            case .message(.interactive, let content): "show \(content)"
            case .message(.markdown, let text): "say in markdown \(text)"
            case .message(_, let text): "say \(text)"
            case .typing: "typing"
            case .attach(.handle(let handle)): "attach \(handle["name"]?.stringValue ?? "?")"
            case .attach(.path(let path)): "attach from \(path)"
            case .leave: "leave"
            case .call(let call):
                "call \(call.name) \(call.parameters)" + (call.deadline.map { " within \(Int($0.timeIntervalSince(now)))s" } ?? "")
                    + (call.continuation.map { " after \($0.responses)" } ?? "")
            case .cancel(let other): "cancel \(other.rawValue)"
            case .log(let level, let text): "\(level) at \(effect.place): \(text)"
            }
        return "\(effect.id.rawValue) \(what)"
    }
}
