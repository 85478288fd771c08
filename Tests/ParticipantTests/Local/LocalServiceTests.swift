import ConnectWire
import LocalConnect
import Participant
import TestSupport
import Testing
import Transport

@Suite("The client with the local service", .timeLimit(.minutes(2)))
struct LocalServiceTests {
    private var withoutQuotas: ServiceRules {
        var rules = ServiceRules()
        rules.quotas = .off
        return rules
    }

    /// A chat of a customer and a bot, both connected.
    private func withChat(
        rules: ServiceRules? = nil,
        pacer: Pacer = .off,
        _ body: (LocalRig, _ customer: LocalParticipant, _ bot: LocalParticipant) async throws -> Void
    ) async throws {
        try await withLocalService(rules: rules ?? withoutQuotas) { rig in
            let chat = try await rig.startChat()
            try await rig.with(chat.participantToken, pacer: pacer) { customer in
                let bot = try await rig.addBot(to: chat.contactID)
                try await rig.with(bot.participantCredentials.participantToken, pacer: pacer) { bot in
                    try await body(rig, customer, bot)
                }
            }
        }
    }

    @Test("A contact's whole life: both hear each other and themselves, until it is over for everybody")
    func wholeLife() async throws {
        try await withChat { _, customer, bot in
            let question = try await customer.say("مرحبا 👋")
            let heard = try await bot.hears { $0.type == .message }
            #expect(heard.id == question)
            #expect(heard.content == "مرحبا 👋")
            #expect(heard.participantRole == .customer)
            #expect(heard.displayName == "Ada")
            #expect(try await customer.hears { $0.type == .message }.id == question)

            _ = try await bot.connection.call(SendEventRequest(contentType: .typing, clientToken: .random()))
            try await customer.hears { $0.contentType == .typing }
            let answer = try await bot.say("Hello")
            #expect(try await customer.hears { $0.type == .message }.id == answer)

            _ = try await bot.connection.call(DisconnectParticipantRequest(clientToken: .random()))
            try await customer.hears { $0.contentType == .participantLeft && $0.participantRole == .customBot }
            let error = await #expect(throws: ParticipantError.self) { try await bot.say("Still here?") }
            #expect(error?.isFault(.accessDenied) == true)

            let transcript = try await TranscriptReader(customer.connection).items(limit: .max)
            #expect(transcript.filter { $0.type == .message }.map(\.id) == [question, answer].compactMap(\.self))

            _ = try await customer.connection.call(DisconnectParticipantRequest(clientToken: .random()))
            guard case .chatEnded = try await customer.endings.next() else {
                Issue.record("the customer's connection did not end with the chat")
                return
            }
        }
    }

    @Test("The transcript that a participant finds is the contact's history")
    func history() async throws {
        try await withLocalService(rules: withoutQuotas) { rig in
            let chat = try await rig.startChat()
            try await rig.with(chat.participantToken) { customer in
                for number in 1...150 { try await customer.say("message \(number)") }
                let bot = try await rig.addBot(to: chat.contactID)
                try await rig.with(bot.participantCredentials.participantToken) { bot in
                    #expect(bot.words == (1...150).map { "message \($0)" })
                    try await customer.say("live")
                    try await bot.hears { $0.content == "live" }
                }
            }
        }
    }

    // MARK: Files

    @Test("A file arrives as it was sent", arguments: [1, 5 * 1024 * 1024])
    func upload(size: Int) async throws {
        let file = try TemporaryUpload(name: "إيصال 1001.txt", size: size)
        defer { file.remove() }
        try await withChat { _, customer, bot in
            let upload = try await bot.upload(file)
            #expect(upload.state == .approved)
            #expect(upload.generation == 1)
            let item = try await customer.hears { $0.type == .attachment }
            let attachment = try #require(item.attachments?.first)
            #expect(attachment.attachmentName == "إيصال 1001.txt")
            #expect(attachment.status == .approved)
            #expect(attachment.attachmentID == upload.attachmentID)
            let received = try await customer.download(try #require(attachment.attachmentID))
            #expect(received == file.bytes)
        }
    }

    @Test("A file that the scanner rejects ends rejected, and everybody hears of it")
    func rejected() async throws {
        let file = try TemporaryUpload(name: "eicar.txt", size: 68)
        defer { file.remove() }
        try await withChat { _, customer, bot in
            let upload = try await bot.upload(file)
            #expect(upload.state == .rejected)
            let item = try await customer.hears { $0.type == .attachment }
            #expect(item.attachments?.first?.status == .rejected)
        }
    }

    @Test("Where items are polled, the verdict comes from the transcript")
    func polledVerdict() async throws {
        let file = try TemporaryUpload(size: 100)
        defer { file.remove() }
        var rules = withoutQuotas
        rules.customBotMayUseWebSocket = false
        try await withChat(rules: rules) { _, customer, bot in
            let upload = try await bot.upload(file)
            #expect(upload.state == .approved)
            #expect(try await customer.download(try #require(upload.attachmentID)) == file.bytes)
        }
    }

    @Test(
        "An upload survives what goes wrong on its way",
        arguments: [
            ("lose-response", Operation.startAttachmentUpload.rawValue, 1),
            ("lose-response", Operation.completeAttachmentUpload.rawValue, 1),
            ("lose-response", "PutObject", 1), ("break-upload", "PutObject", 1),
            ("expire-urls", Operation.startAttachmentUpload.rawValue, 2),
            ("expire-tokens", Operation.startAttachmentUpload.rawValue, 1),
        ]
    )
    func troubledUpload(fault: String, operation: String, generation: Int) async throws {
        let file = try TemporaryUpload(size: 300_000)
        defer { file.remove() }
        try await withChat { rig, customer, bot in
            try await rig.fault(fault, objects: operation)
            let upload = try await bot.upload(file)
            #expect(upload.state == .approved)
            #expect(upload.generation == generation)
            try await customer.hears { $0.type == .attachment }
            #expect(try await customer.download(try #require(upload.attachmentID)) == file.bytes)
            try await bot.say("done")
            try await customer.hears { $0.content == "done" }
            #expect(customer.heard.values.count { $0.type == .attachment } == 1)
        }
    }

    // MARK: Trouble

    @Test("However often sockets drop, every message is delivered once, in order")
    func droppedSockets() async throws {
        try await withChat { rig, customer, bot in
            for number in 1...60 {
                if number.isMultiple(of: 7) { try await rig.fault("drop-sockets", operation: .sendMessage) }
                if number.isMultiple(of: 5) { try await rig.fault("duplicate-frames") }
                try await customer.say("message \(number)")
            }
            try await bot.hears { $0.content == "message 60" }
            try await customer.hears { $0.content == "message 60" }
            let expected = (1...60).map { "message \($0)" }
            #expect(bot.words == expected)
            #expect(customer.words == expected)
        }
    }

    @Test("A message whose answer was lost is in the chat once")
    func lostAnswers() async throws {
        try await withChat { rig, customer, bot in
            for number in 1...10 {
                try await rig.fault("lose-response", operation: .sendMessage)
                let id = try await bot.say("message \(number)")
                #expect(try await customer.hears { $0.type == .message }.id == id)
            }
            #expect(customer.words == (1...10).map { "message \($0)" })
        }
    }

    @Test("Errors that pass are not seen", arguments: [500, 503, 429])
    func passingErrors(status: Int) async throws {
        try await withChat { rig, customer, bot in
            try await rig.refuse(.sendMessage, status: status, count: 3)
            try await bot.say("through")
            try await customer.hears { $0.content == "through" }
        }
    }

    @Test("When the connection token expires, calls go on", arguments: [true, false])
    func expiredTokens(oldTokensStayValid: Bool) async throws {
        var rules = withoutQuotas
        rules.oldConnectionTokensStayValid = oldTokensStayValid
        try await withChat(rules: rules) { rig, customer, bot in
            for round in 1...5 {
                try await rig.fault("expire-tokens")
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...5 { group.addTask { try await bot.say("\(round).\(number)") } }
                    try await group.waitForAll()
                }
            }
            try await bot.say("done")
            try await customer.hears { $0.content == "done" }
            #expect(Set(customer.words).count == 26)
            #expect(customer.words.count == 26)
        }
    }

    @Test("Where a WebSocket is refused to the bot, it hears by polling")
    func polls() async throws {
        var rules = withoutQuotas
        rules.customBotMayUseWebSocket = false
        try await withChat(rules: rules) { _, customer, bot in
            for number in 1...5 {
                try await customer.say("message \(number)")
                try await bot.hears { $0.content == "message \(number)" }
            }
            _ = try await customer.connection.call(DisconnectParticipantRequest(clientToken: .random()))
            switch try await bot.endings.next() {
            case .chatEnded, .accessLost: break
            case .refused, .outlived: Issue.record("the bot's connection ended in another way")
            }
        }
    }

    // MARK: Quotas

    @Test("With the documented quotas on both sides, a burst waits and is never refused")
    func pacedBurst() async throws {
        var rules = ServiceRules()
        rules.quotas = .documented
        try await withChat(rules: rules, pacer: .documented) { _, customer, bot in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...40 { group.addTask { try await bot.say("message \(number)") } }
                try await group.waitForAll()
            }
            try await bot.say("done")
            try await customer.hears { $0.content == "done" }
            #expect(Set(customer.words).count == 41)
            #expect(customer.words.count == 41)
        }
    }

    @Test("A client that does not pace itself is refused, and gets everything through all the same")
    func unpacedBurst() async throws {
        var rules = ServiceRules()
        rules.quotas = .documented
        try await withChat(rules: rules) { _, customer, bot in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...40 { group.addTask { try await bot.say("message \(number)") } }
                try await group.waitForAll()
            }
            try await bot.say("done")
            try await customer.hears { $0.content == "done" }
            #expect(Set(customer.words).count == 41)
            #expect(customer.words.count == 41)
        }
    }
}
