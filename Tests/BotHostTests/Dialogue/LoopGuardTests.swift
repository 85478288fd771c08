import ActionKit
import ConnectWire
import Foundation
import Testing

@testable import BotHost

@Suite("The guard against loops")
struct LoopGuardTests {
    private static let echo = """
        bot: t
        LIMITS
        behaviours:
          - when: failed
            do: [ say: "{{error.kind}}" ]
          - when: message
            do: [ say: "You said: {{message.text}}" ]
        """

    /// Plays messages, each with the bot's reply to it done at once.
    private struct Chat {
        var player: Player
        private var done = 0

        init(_ limits: String = "") throws {
            player = Player(dialogue: Dialogue(definition: try bot(echo.replacing("LIMITS", with: limits))))
            _ = try player.play("joined")
        }

        /// What the bot does, after so many seconds.
        mutating func say(_ text: String, after seconds: Double) throws -> [String] {
            player.now += seconds
            var effects = try player.play("customer: \(text)")
            // Only what was said is awaited.
            while let awaited = player.state.awaitedEffects.first { effects += try player.play("done \(awaited.rawValue)") }
            return effects
        }
    }

    private static func said(_ effects: [String]) -> [String] {
        effects.compactMap { effect in effect.firstRange(of: " say ").map { String(effect[$0.upperBound...]) } }
    }

    @Test("More than 30 messages within a minute are a loop: the bot says so once, is silent for a minute, and goes on")
    func rate() throws {
        var chat = try Chat()
        for number in 1...30 { #expect(try Self.said(chat.say("\(number)", after: 1.5)) == ["You said: \(number)"]) }
        let last = try chat.say("31", after: 1.5)
        #expect(Self.said(last) == ["loop"])
        #expect(last.first?.contains("more than 30 messages within a minute; nothing is answered for 1m") == true)
        for number in 32...60 { #expect(try chat.say("\(number)", after: 2) == []) }
        #expect(try Self.said(chat.say("again", after: 2)) == ["You said: again"])
    }

    @Test("The same message eight times running, each right after a reply, is a loop")
    func autoresponder() throws {
        var chat = try Chat()
        for _ in 1...7 { #expect(try Self.said(chat.say("I am away", after: 1)) == ["You said: I am away"]) }
        #expect(try Self.said(chat.say("I am away", after: 1)) == ["loop"])
        #expect(try chat.say("I am away", after: 1) == [])
    }

    @Test("Who takes the time to read may say the same again and again, and who types fast may say much")
    func people() throws {
        var chat = try Chat()
        for _ in 1...100 { #expect(try Self.said(chat.say("5", after: 3)) == ["You said: 5"]) }
        for number in 1...100 { #expect(try Self.said(chat.say("\(number % 2)", after: 2.1)) == ["You said: \(number % 2)"]) }
    }

    @Test("What was said within an hour is answered at once after a restart")
    func backlog() throws {
        let dialogue = Dialogue(definition: try bot(Self.echo.replacing("LIMITS", with: "")))
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        var state = dialogue.step(DialogueState(), .joined(DialogueFacts()), now: start).state
        for number in 1...60 {
            let now = start + 3600 + Double(number) / 100
            let item = ChatItem(
                id: ItemID("i-\(number)"),
                role: .customer,
                kind: .message(.plainText, "hello?"),
                time: start + Double(60 * number)
            )
            let step = dialogue.step(state, .item(item), now: now)
            #expect(step.effects.map(\.kind) == [.message(.plainText, "You said: hello?")])
            state = step.effects.reduce(step.state) { dialogue.step($0, .outcome($1.id, .done(.null)), now: now).state }
        }
    }

    @Test("No time passes on the virtual clock while a script types, so no script is a loop")
    func scripts() throws {
        var chat = try Chat()
        for _ in 1...1000 { #expect(try Self.said(chat.say("hi", after: 0)) == ["You said: hi"]) }
    }

    @Test(
        "The bot file sets how many, or that there is no guard",
        arguments: [("limits: { messages_per_minute: 3 }", 3), ("limits: { messages_per_minute: off }", 200)]
    )
    func limits(text: String, answered: Int) throws {
        var chat = try Chat(text)
        for _ in 1...answered { #expect(try Self.said(chat.say("x", after: 0.1)) == ["You said: x"]) }
        let next = try Self.said(chat.say("x", after: 0.1))
        #expect(next == (answered == 3 ? ["loop"] : ["You said: x"]))
    }
}
