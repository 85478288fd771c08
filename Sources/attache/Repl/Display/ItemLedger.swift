import ConnectWire
import Synchronization

/// The items that were shown, by the numbers that people know them by.
final class ItemLedger: Sendable {
    struct Entry: Sendable {
        var number: Int
        var item: Item
        /// Who heard it first, of those whom one speaks as.
        var session: String
    }

    private struct State {
        var entries: [Entry] = []
        var numbers: [ItemID: Int] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// The oldest are forgotten beyond it.
    private static let capacity = 10_000

    /// - Returns: Its number, and whether it is new.
    func note(_ item: Item, heardBy session: String) -> (number: Int, isNew: Bool) {
        state.withLock { state in
            if let number = state.numbers[item.id] { return (number, false) }
            state.last += 1
            state.numbers[item.id] = state.last
            state.entries.append(Entry(number: state.last, item: item, session: session))
            if state.entries.count > Self.capacity { state.numbers[state.entries.removeFirst().item.id] = nil }
            return (state.last, true)
        }
    }

    /// Nil for what was not shown, or is forgotten.
    func number(of id: ItemID) -> Int? {
        state.withLock { $0.numbers[id] }
    }

    /// - Parameter reference: `#3`, `3`, `last`, the beginning of an item's id, or a file's name.
    /// - Parameter isMeant: What it may be.
    func find(_ reference: String, where isMeant: (Item) -> Bool) throws -> Entry {
        let entries = state.withLock { $0.entries }
        let number = Int(reference.hasPrefix("#") ? String(reference.dropFirst()) : reference)
        let found =
            if reference == "last" {
                entries.last { isMeant($0.item) }
            } else {
                entries.first { $0.number == number }
                    ?? entries.last { ($0.item.attachments ?? []).contains { $0.attachmentName == reference } }
                    ?? entries.first { reference.count >= 8 && $0.item.id.rawValue.hasPrefix(reference) }
            }
        guard let found else {
            throw Problem("there is no item '\(reference)'; an item is named by its number, as in #3, or by 'last'")
        }
        return found
    }

    var attachmentNames: [String] {
        state.withLock { $0.entries }.flatMap { $0.item.attachments ?? [] }.compactMap(\.attachmentName)
    }
}
