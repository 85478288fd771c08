import ConnectWire
import Testing

@testable import BotHost

@Suite("The history of a contact")
struct HistoryTests {
    @Test(
        "The customer's messages after the last answer are unanswered",
        arguments: [
            ([], []),
            ([("CUSTOMER", "MESSAGE")], [0]),
            ([("CUSTOMER", "MESSAGE"), ("CUSTOM_BOT", "MESSAGE")], []),
            ([("CUSTOMER", "MESSAGE"), ("AGENT", "MESSAGE"), ("CUSTOMER", "MESSAGE"), ("CUSTOMER", "ATTACHMENT")], [2, 3]),
            // A prompt of the flow, and that somebody joined, answers nothing.
            ([("CUSTOMER", "MESSAGE"), ("SYSTEM", "MESSAGE"), ("CUSTOM_BOT", "EVENT")], [0]),
            ([("CUSTOMER", "EVENT"), ("CUSTOMER", "MESSAGEMETADATA")], []),
        ] as [([(String, String)], [Int])]
    )
    func unanswered(_ items: [(String, String)], _ expected: [Int]) {
        let history = History(
            items: items.enumerated().map { number, item in
                Item(
                    id: ItemID("\(number)"),
                    absoluteTime: Timestamp(millisecondsSince1970: Int64(number)),
                    type: ItemType(rawValue: item.1),
                    participantRole: ParticipantRole(rawValue: item.0)
                )
            }
        )
        #expect(history.unanswered.map(\.id.rawValue) == expected.map(String.init))
    }
}
