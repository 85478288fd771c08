import ConnectWire
import Testing

@testable import BotHost

@Suite("The echo filter")
struct EchoFilterTests {
    private static func message(_ id: ItemID, _ text: String, from participant: ParticipantID) -> Item {
        Item(
            id: id,
            absoluteTime: Timestamp(millisecondsSince1970: 0),
            type: .message,
            contentType: .plainText,
            content: text,
            participantID: participant
        )
    }

    private static func told(_ items: [(item: Item, isOwn: Bool)]) -> [String] {
        items.map { "\($0.item.id)\($0.isOwn ? " own" : "")" }
    }

    @Test("With the own id known, nothing is held")
    func knownID() {
        var filter = EchoFilter(ownID: "me")
        filter.expect(.message(.plainText, "hi"), from: 1)
        #expect(Self.told(filter.arrived(Self.message("1", "hi", from: "me"))) == ["1 own"])
        #expect(Self.told(filter.arrived(Self.message("2", "hi", from: "you"))) == ["2"])
    }

    @Test("An echo that overtakes the answer is held until the answer tells whose it is")
    func echoFirst() {
        var filter = EchoFilter(ownID: nil)
        filter.expect(.message(.plainText, "hi"), from: 1)
        #expect(filter.arrived(Self.message("1", "hi", from: "me")).isEmpty)
        #expect(filter.arrived(Self.message("2", "hello bot", from: "you")).isEmpty)
        #expect(Self.told(filter.resolved(1, as: .item("1"))) == ["1 own", "2"])
        #expect(filter.ownID == "me")
    }

    @Test("An echo after the answer is known at once")
    func answerFirst() {
        var filter = EchoFilter(ownID: nil)
        filter.expect(.message(.plainText, "hi"), from: 1)
        #expect(filter.resolved(1, as: .item("1")).isEmpty)
        #expect(Self.told(filter.arrived(Self.message("2", "hi", from: "you"))) == ["2"])
        #expect(Self.told(filter.arrived(Self.message("1", "hi", from: "me"))) == ["1 own"])
        #expect(filter.ownID == "me")
    }

    @Test("A customer who says the same as the bot is heard")
    func sameWords() {
        var filter = EchoFilter(ownID: nil)
        filter.expect(.message(.plainText, "hi"), from: 1)
        #expect(filter.arrived(Self.message("1", "hi", from: "you")).isEmpty)
        #expect(filter.arrived(Self.message("2", "hi", from: "me")).isEmpty)
        #expect(Self.told(filter.resolved(1, as: .item("2"))) == ["1", "2 own"])
    }

    @Test("What cannot be the echo is told at once")
    func otherWords() {
        var filter = EchoFilter(ownID: nil)
        filter.expect(.message(.plainText, "hi"), from: 1)
        #expect(Self.told(filter.arrived(Self.message("1", "something else", from: "you"))) == ["1"])
    }

    @Test("A send that failed lets what was held through")
    func failure() {
        var filter = EchoFilter(ownID: nil)
        filter.expect(.message(.plainText, "hi"), from: 1)
        #expect(filter.arrived(Self.message("1", "hi", from: "you")).isEmpty)
        #expect(Self.told(filter.resolved(1, as: nil)) == ["1"])
        #expect(filter.ownID == nil)
    }

    @Test("An attachment is known by its attachment id")
    func attachment() {
        let item = Item(
            id: "9",
            absoluteTime: Timestamp(millisecondsSince1970: 0),
            type: .attachment,
            participantID: "me",
            attachments: [AttachmentItem(attachmentID: "a", attachmentName: "r.txt", status: .approved)]
        )
        var filter = EchoFilter(ownID: nil)
        filter.expect(.attachment(name: "r.txt"), from: 4)
        #expect(filter.arrived(item).isEmpty)
        #expect(Self.told(filter.resolved(4, as: .attachment("a"))) == ["9 own"])
    }

    @Test("No more than 64 items are held, and none is lost")
    func bound() {
        var filter = EchoFilter(ownID: nil)
        filter.expect(.message(.plainText, "hi"), from: 1)
        var told: [String] = []
        for number in 1...100 { told += Self.told(filter.arrived(Self.message(.init("\(number)"), "hi", from: "you"))) }
        #expect(told.count == 36)
        told += Self.told(filter.resolved(1, as: nil))
        #expect(told == (1...100).map(String.init))
    }
}
