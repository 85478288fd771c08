import ConnectWire
import Testing

@testable import LocalConnect

@Suite("Messages, receipts and repeats")
struct MessagingTests {
    @Test("Times in a contact grow by every item, also within one millisecond and when the clock is set back")
    func times() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        for number in 0..<5 { _ = try stage.say("\(number)", customer) }
        stage.now = stage.now + .seconds(-3600)
        _ = try stage.say("earlier", customer)
        let times = stage.state.transcripts[customer.contact]?.items.map(\.absoluteTime) ?? []
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(times.count == 7)
    }

    @Test("A repeat is answered as before, also by the participant's next connection")
    func repeats() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat(), joins: false)
        let first = try stage.say("hello", customer, clientToken: "one".token)
        let again = try stage.say("hello", stage.connect(customer, joins: false), clientToken: "one".token)
        #expect(first == again)
        #expect(stage.transcript(of: customer.contact) == ["hello"])
    }

    @Test("A client token with other parameters conflicts")
    func mismatch() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat(), joins: false)
        _ = try stage.say("hello", customer, clientToken: "one".token)
        #expect {
            try stage.say("other", customer, clientToken: "one".token)
        } throws: {
            ($0 as? ServiceFault)?.kind == .conflict
        }
        #expect(stage.transcript(of: customer.contact) == ["hello"])
    }

    @Test("A client token is forgotten after its time, and with the end of the contact")
    func forgetting() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat(), joins: false)
        let first = try stage.say("hello", customer, clientToken: "one".token)
        stage.advance(.seconds(3600))
        #expect(stage.state.outcomes.isEmpty)
        #expect(try stage.say("hello", customer, clientToken: "one".token) != first)
        _ = try stage.control(StopContactRequest(instanceID: "instance", contactID: customer.contact))
        #expect(stage.state.outcomes.isEmpty)
        #expect(stage.state.grants.isEmpty)
    }

    @Test("A repeated StartChatContact gives the same contact and the same token")
    func repeatedStart() throws {
        var stage = Stage()
        let first = try stage.startChat { $0.clientToken = "one".token }
        let again = try stage.startChat { $0.clientToken = "one".token }
        #expect((first.id, first.contact, first.participantToken) == (again.id, again.contact, again.participantToken))
        #expect(stage.state.contacts.count == 1)
    }

    @Test("Receipts conflict once there are more than two active participants")
    func receiptsWithSupervisor() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let agent = try stage.connect(stage.add(.agent, to: customer.contact))
        let id = try #require(try stage.say("hello", agent))
        let receipt = SendEventRequest(contentType: .messageRead, content: #"{"messageId":"\#(id)"}"#)
        _ = try stage.call(receipt, customer.token)
        let supervisor = try stage.connect(stage.add(.supervisor, to: customer.contact))
        #expect {
            try stage.call(receipt, customer.token)
        } throws: {
            ($0 as? ServiceFault)?.status == 409
        }
        _ = try stage.call(DisconnectParticipantRequest(), supervisor.token)
        _ = try stage.call(receipt, customer.token)
    }

    @Test("The transcript has receipts in the message or as items, as the setting has it", arguments: TranscriptReceipts.allCases)
    func receiptsInTranscript(place: TranscriptReceipts) throws {
        var stage = Stage { $0.transcriptReceipts = place }
        let customer = try stage.connect(stage.startChat(), joins: false)
        let bot = try stage.connect(stage.addBot(to: customer.contact), joins: false)
        let id = try #require(try stage.say("hello", bot))
        for contentType in [ContentType.messageDelivered, .messageRead] {
            _ = try stage.call(SendEventRequest(contentType: contentType, content: #"{"messageId":"\#(id)"}"#), customer.token)
        }
        let items = try stage.call(GetTranscriptRequest(sortOrder: .ascending), bot.token).transcript ?? []
        #expect(items.map(\.type) == (place == .inMessage ? [.message] : [.message, .messageMetadata, .messageMetadata]))
        let receipt = try #require(items.last?.messageMetadata?.receipts?.first)
        #expect(receipt.recipientParticipantID == customer.id)
        #expect(receipt.readTimestamp != nil)
        #expect(receipt.deliveredTimestamp != nil)
        #expect((items.first?.messageMetadata == nil) == (place == .asItems))
    }

    @Test("A uniform length takes the place of the documented ones", arguments: [(1024, true), (1025, false), (2000, false)])
    func documentedLength(length: Int, fits: Bool) throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        #expect(((try? stage.say(String(repeating: "é", count: length), customer)) != nil) == fits)
        var lenient = Stage { $0.messageLength = .uniform(16_384) }
        let other = try lenient.connect(lenient.startChat())
        _ = try lenient.say(String(repeating: "é", count: length), other)
    }

    @Test("Tokens of one participant do not show in what is kept of another")
    func tokensAreHashed() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let kept = "\(stage.state.grants) \(stage.state.outcomes)"
        #expect(!kept.contains(customer.token))
        #expect(!kept.contains(customer.participantToken))
    }
}

extension String {
    fileprivate var token: ClientToken { ClientToken(rawValue: self) }
}
