import ConnectWire
import Testing

@testable import LocalConnect

/// What faults do, without sockets.
@Suite("Faults in the state")
struct FaultStrikeTests {
    private static func random(_ seed: UInt64, _ kinds: [Fault.Kind] = Fault.Kind.allCases) -> Faults {
        var faults = Faults()
        faults.add(Fault(effect: .random(RandomFaults(seed: seed, rate: 0.3, kinds: kinds)), count: 1))
        return faults
    }

    private static func strikes(_ faults: Faults) -> [Fault.Effect?] {
        var faults = faults
        return (0..<300).flatMap { number -> [Fault.Effect?] in
            let call = faults.strike(number.isMultiple(of: 3) ? "PutObject" : "SendMessage", in: "c", by: .customBot).effects.first
            return [call, faults.strikeFrame(in: "c", to: .customBot), faults.strikeScan(in: "c", of: .customBot).first]
        }
    }

    @Test("Faults by chance are the same for the same seed, of every kind, and about as many as was asked for")
    func seeded() {
        let strikes = Self.strikes(Self.random(7))
        #expect(strikes == Self.strikes(Self.random(7)))
        #expect(strikes != Self.strikes(Self.random(8)))
        #expect((200..<340).contains(strikes.compactMap(\.self).count))
        // A URL is given out by none of these calls.
        #expect(Set(strikes.compactMap { $0?.kind }) == Set(Fault.Kind.allCases).subtracting([.expireURLs]))
    }

    @Test("Only the kinds that were asked for come by chance")
    func chosenKinds() {
        #expect(Set(Self.strikes(Self.random(7, [.reset, .slowScan])).compactMap { $0?.kind }) == [.reset, .slowScan])
    }

    @Test("A fault for a role strikes nobody else")
    func role() {
        var faults = Faults()
        faults.add(Fault(effect: .loseResponse, role: .customBot, count: 1))
        #expect(faults.strike("SendMessage", in: "c", by: .customer).effects == [])
        #expect(faults.strike("StartChatContact", in: nil).effects == [])
        #expect(faults.strike("SendMessage", in: "c", by: .customBot).effects == [.loseResponse])
    }

    @Test("A reset call has not happened; a delayed one has, and says how late its answer is")
    func calls() throws {
        var stage = Stage { $0.faults = [Fault(operation: "SendMessage", effect: .reset, count: 1)] }
        let customer = try stage.connect(stage.startChat())
        #expect(throws: ServiceFault.self) { try stage.say("lost", customer) }
        stage.state.faults.add(Fault(effect: .delay(.seconds(3)), count: 1))
        let request = SendMessageRequest(contentType: .plainText, content: "late", clientToken: nil)
        let answer = try stage.state.answer(.success(request), token: customer.token, at: stage.now)
        #expect(answer.delay == .seconds(3) && answer.value != nil && !answer.isLost)
        #expect(stage.transcript(of: customer.contact).filter { $0 == "lost" || $0 == "late" } == ["late"])
    }

    @Test("A service that has forgotten a client token acts again")
    func clientTokens() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let first = try stage.say("hi", customer, clientToken: ClientToken(rawValue: "t"))
        #expect(try stage.say("hi", customer, clientToken: ClientToken(rawValue: "t")) == first)
        stage.state.ask(for: Fault(effect: .forgetClientTokens, contact: customer.contact, role: .customBot, count: 1))
        #expect(try stage.say("hi", customer, clientToken: ClientToken(rawValue: "t")) == first)
        stage.state.ask(for: Fault(effect: .forgetClientTokens, contact: customer.contact, role: .customer, count: 1))
        #expect(try stage.say("hi", customer, clientToken: ClientToken(rawValue: "t")) != first)
    }

    @Test("A late frame comes after the next; half a frame is no frame; others get theirs whole")
    func frames() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        let bot = try stage.connect(stage.addBot(to: customer.contact))
        let (mine, theirs) = try (stage.openSocket(customer), stage.openSocket(bot))
        stage.subscribe(mine)
        stage.subscribe(theirs)
        stage.state.faults.add(Fault(effect: .reorderFrames, role: .customBot, count: 1))
        for text in ["1", "2"] { _ = try stage.say(text, customer) }
        stage.advance(.milliseconds(499))
        #expect(stage.received(by: theirs).compactMap(\.content) == ["2"])
        // Items of one moment are a millisecond apart.
        stage.advance(.milliseconds(20))
        #expect(stage.received(by: theirs).compactMap(\.content) == ["2", "1"])
        #expect(stage.received(by: mine).compactMap(\.content) == ["1", "2"])

        stage.state.faults.add(Fault(effect: .malformFrames, role: .customBot, count: 1))
        _ = try stage.say("3", customer)
        #expect(stage.received(by: theirs).compactMap(\.content) == ["2", "1"])
        let texts = stage.pushes.compactMap { if case .text(let text, let ids) = $0, ids == [theirs] { text } else { nil } }
        #expect(texts.count == 1)
        #expect(throws: (any Error).self) { try ServerFrame(parsing: texts.first ?? "") }
    }

    @Test("A slow scan takes as long as was asked for")
    func slowScan() throws {
        var stage = Stage { $0.faults = [Fault(effect: .slowScan(.seconds(60)), count: 1)] }
        let customer = try stage.connect(stage.startChat())
        let started = try stage.call(
            StartAttachmentUploadRequest(
                contentType: "text/plain",
                attachmentSizeInBytes: 1,
                attachmentName: "a.txt",
                clientToken: .random()
            ),
            customer.token
        )
        var attachment = try #require(stage.state.attachments[started.attachmentID])
        attachment.stage = .stored
        stage.state.save(attachment)
        _ = try stage.call(CompleteAttachmentUploadRequest(attachmentIDs: [started.attachmentID], clientToken: .random()), customer.token)
        stage.advance(.milliseconds(59_999))
        #expect(!stage.transcript(of: customer.contact).contains("ATTACHMENT"))
        stage.advance(.milliseconds(1))
        #expect(stage.transcript(of: customer.contact).contains("ATTACHMENT"))
    }
}
