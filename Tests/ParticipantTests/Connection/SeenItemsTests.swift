import ConnectWire
import Participant
import Testing

@Suite("Seen items")
struct SeenItemsTests {
    /// Inserts the items; those that were new.
    private func insert(_ items: [Item], into seen: inout SeenItems) -> [Item] {
        items.filter { seen.insert($0) }
    }

    @Test("An item is new once")
    func once() {
        var seen = SeenItems()
        let new = insert([.message("a"), .message("a"), .message("a", at: 99), .message("b")], into: &seen)
        #expect(new == [.message("a"), .message("b")])
        #expect(seen.contains(.message("a")))
        #expect(!seen.contains(.message("c")))
    }

    @Test("Until the window is full, an old item is new")
    func oldItems() {
        var seen = SeenItems()
        let items = Item.messages(1...511) + [.message("old", at: -1000)]
        #expect(insert(items, into: &seen) == items)
    }

    @Test("What is older than the whole window counts as seen")
    func beyondTheWindow() {
        var seen = SeenItems()
        #expect(insert(Item.messages(1...600), into: &seen).count == 600)
        // 1 to 88 have left the window.
        #expect(insert(Item.messages(1...600), into: &seen).isEmpty)
        let others = [Item.message("older", at: 88), .message("as old as the oldest", at: 89), .message("newer", at: 601)]
        #expect(insert(others, into: &seen) == Array(others.dropFirst()))
    }

    @Test("The window moves for as long as items come")
    func ring() {
        var seen = SeenItems()
        let twice = Item.messages(1...5000).flatMap { [$0, $0] }
        #expect(insert(twice, into: &seen) == Item.messages(1...5000))
        #expect(Item.messages(4489...5000).allSatisfy { seen.contains($0) })
    }

    @Test("Items of one moment are told apart")
    func sameMoment() {
        var seen = SeenItems()
        let items = (0..<2000).map { Item.message("m\($0)", at: 7) }
        #expect(insert(items, into: &seen) == items)
        #expect(items.suffix(512).allSatisfy { seen.contains($0) })
    }

    @Test("An earlier run's items are known, each once")
    func resumes() {
        let stored = Item.messages(1...3) + Item.messages(2...2)
        let seen = SeenItems(stored.map { (id: $0.id, time: $0.absoluteTime) })
        #expect(Item.messages(1...3).allSatisfy { seen.contains($0) })
        #expect(!seen.contains(.message("m4", at: 4)))
    }
}
