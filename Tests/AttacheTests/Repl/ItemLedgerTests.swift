import ConnectWire
import Testing

@testable import attache

@Suite("Items by their numbers")
struct ItemLedgerTests {
    private static func item(_ id: ItemID, file: String? = nil) -> Item {
        Item(
            id: id,
            absoluteTime: Timestamp(millisecondsSince1970: 0),
            type: file == nil ? .message : .attachment,
            attachments: file.map { [AttachmentItem(attachmentName: $0)] }
        )
    }

    @Test(
        "They are found by number, by file, by the beginning of their id, and as the last",
        arguments: [("1", 1), ("#2", 2), ("last", 3), ("a.txt", 2), ("cccccccc", 3), ("cccc", nil), ("9", nil), ("b.txt", nil), ("", nil)]
            as [(String, Int?)]
    )
    func finding(_ reference: String, _ number: Int?) {
        let ledger = ItemLedger()
        for item in [Self.item("aaaaaaaa-1"), Self.item("bbbbbbbb-2", file: "a.txt"), Self.item("cccccccc-3")] {
            _ = ledger.note(item, heardBy: "Ada")
        }
        #expect((try? ledger.find(reference) { _ in true })?.number == number)
    }

    @Test("An item keeps its number, whoever hears it next")
    func again() {
        let ledger = ItemLedger()
        #expect(ledger.note(Self.item("a"), heardBy: "Ada") == (1, true))
        #expect(ledger.note(Self.item("b"), heardBy: "Ada") == (2, true))
        #expect(ledger.note(Self.item("a"), heardBy: "Grace") == (1, false))
        #expect(ledger.number(of: "b") == 2)
    }
}
