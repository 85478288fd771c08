import ConnectWire
import Testing
import Transport

@testable import LocalConnect

@Suite("How participants come and go")
struct ContactLifeTests {
    @Test("A customer who gets no connection within five minutes has no chat any more")
    func customerIsLate() throws {
        var stage = Stage()
        let customer = try stage.startChat()
        stage.advance(.seconds(299))
        #expect(stage.state.contacts[customer.contact]?.isEnded == false)
        stage.advance(.seconds(1))
        #expect(stage.state.contacts[customer.contact]?.isEnded == true)
        #expect(throws: ServiceFault.accessDenied) { try stage.connect(customer) }
    }

    @Test("A custom bot that gets no connection within 15 seconds is out, and another one may come")
    func botIsLate() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let bot = try stage.addBot(to: customer.contact)
        stage.advance(.milliseconds(14_999))
        #expect(throws: ServiceFault.self) { try stage.addBot(to: customer.contact) }
        stage.advance(.milliseconds(1))
        #expect(stage.presence(bot) == .left)
        #expect(throws: ServiceFault.accessDenied) { try stage.connect(bot) }
        // It was never seen, so nobody is told that it left.
        #expect(stage.transcript(of: customer.contact) == ["participant.joined"])
        _ = try stage.addBot(to: customer.contact)
    }

    @Test("A connection is enough to stay, joined or not", arguments: [true, false])
    func connectedStays(joins: Bool) throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat(), joins: joins)
        let bot = try stage.connect(stage.addBot(to: customer.contact), joins: joins)
        stage.advance(.seconds(3600))
        #expect(stage.presence(customer) == (joins ? .joined : .connected))
        #expect(stage.presence(bot) == (joins ? .joined : .connected))
        #expect(try stage.say("still here", bot) != nil)
    }

    @Test("The chat is over when its duration is")
    func duration() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat { $0.chatDurationInMinutes = 60 })
        let socket = try stage.openSocket(customer)
        stage.subscribe(socket)
        stage.state.hear(socket, at: stage.now + .seconds(3599))
        stage.advance(.seconds(3600))
        #expect(stage.received(by: socket).last?.contentType == .chatEnded)
        #expect(throws: ServiceFault.accessDenied) { try stage.say("late", customer) }
    }

    @Test("A custom bot leaves when an agent joins, and none can be added then")
    func agentDismissesBot() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let bot = try stage.connect(stage.addBot(to: customer.contact))
        let socket = try stage.openSocket(bot)
        stage.subscribe(socket)
        let agent = try stage.add(.agent, to: customer.contact)
        #expect(stage.presence(bot) == .joined)
        _ = try stage.connect(agent)
        #expect(stage.presence(bot) == .left)
        #expect(stage.closedSockets == [socket])
        #expect(stage.transcript(of: customer.contact).suffix(2) == ["participant.joined", "participant.left"])
        #expect(throws: ServiceFault.accessDenied) { try stage.say("?", bot) }
        #expect {
            try stage.addBot(to: customer.contact)
        } throws: {
            ($0 as? ServiceFault)?.kind == .conflict
        }
    }

    @Test(
        "A chat does not outlive its customer or its agent; bots and supervisors come and go",
        arguments: [(ParticipantRole.customer, true), (.agent, true), (.supervisor, false), (.customBot, false)]
    )
    func leaving(role: ParticipantRole, ends: Bool) throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let leaver =
            switch role {
            case .customer: customer
            case .customBot: try stage.connect(stage.addBot(to: customer.contact))
            default: try stage.connect(stage.add(role, to: customer.contact))
            }
        _ = try stage.call(DisconnectParticipantRequest(), leaver.token)
        #expect(stage.state.contacts[customer.contact]?.isEnded == ends)
        #expect(
            stage.transcript(of: customer.contact).suffix(ends ? 2 : 1)
                == (ends ? ["participant.left", "chat.ended"] : ["participant.left"])
        )
        #expect(throws: ServiceFault.accessDenied) { try stage.say("?", leaver) }
        #expect(throws: ServiceFault.accessDenied) { try stage.connect(leaver) }
    }

    @Test("After the end sockets hear of it, and are closed a little later")
    func endAndSockets() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let socket = try stage.openSocket(customer)
        stage.subscribe(socket)
        _ = try stage.control(StopContactRequest(instanceID: "instance", contactID: customer.contact))
        #expect(stage.received(by: socket).map(\.contentType) == [.chatEnded])
        #expect(stage.closedSockets == [])
        stage.advance(.seconds(2))
        #expect(stage.closedSockets == [socket])
    }

    @Test(
        "A flow's bot is announced with its token, which opens its connection",
        arguments: ["receipts", "flow-1", "arn:aws:x/contact-flow/flow-1"]
    )
    func flow(id: String) throws {
        var stage = Stage { $0.flows = ["flow-1": "receipts", "receipts": "receipts"] }
        let customer = try stage.startChat {
            $0.contactFlowID = ContactFlowID(id)
            $0.attributes = ["order": "1001"]
        }
        let arrival = try #require(stage.arrivals.first)
        #expect(arrival.bot == "receipts")
        #expect(arrival.contactID == customer.contact)
        #expect(arrival.attributes == ["order": "1001"])
        #expect(arrival.connectBy == stage.now + .seconds(15))
        let bot = Actor(id: arrival.participantID, contact: customer.contact, participantToken: arrival.participantToken.exposed)
        #expect(try stage.say("Welcome", stage.connect(bot)) != nil)
    }

    @Test("A persistent chat shows what was said before", arguments: ["ENTIRE_PAST_SESSION", "FROM_SEGMENT"])
    func persistentChat(kind: String) throws {
        var stage = Stage()
        let first = try stage.connect(stage.startChat(), joins: false)
        _ = try stage.say("one", first)
        _ = try stage.control(StopContactRequest(instanceID: "instance", contactID: first.contact))
        stage.advance(.seconds(1))
        let source = PersistentChat(rehydrationType: kind, sourceContactID: first.contact)
        let second = try stage.connect(stage.startChat { $0.persistentChat = source }, joins: false)
        _ = try stage.say("two", second)

        let all = try stage.call(GetTranscriptRequest(maxResults: 100, sortOrder: .ascending), second.token)
        #expect(all.initialContactID == first.contact)
        #expect(all.transcript?.map { $0.content ?? "" } == ["one", "", "two"])
        #expect(all.transcript?.map(\.relatedContactID) == [first.contact, first.contact, nil])
        #expect(all.transcript?.map(\.contactID) == [nil, nil, second.contact])
        let old = try stage.call(GetTranscriptRequest(contactID: first.contact, sortOrder: .ascending), second.token)
        #expect(old.transcript?.first?.content == "one")
    }

    @Test("A persistent chat cannot continue one that goes on")
    func persistentChatTooEarly() throws {
        var stage = Stage()
        let first = try stage.startChat()
        #expect(throws: ServiceFault.self) {
            try stage.startChat { $0.persistentChat = PersistentChat(sourceContactID: first.contact) }
        }
    }
}
