import ConnectWire
import Testing

@testable import LocalConnect

@Suite("Sockets and tokens in time")
struct SocketTests {
    @Test("A WebSocket URL opens sockets for 100 seconds", arguments: [(99_999, true), (100_000, false)])
    func urlExpires(milliseconds: Int, opens: Bool) throws {
        var stage = Stage()
        let customer = try stage.startChat()
        let access = try stage.call(CreateParticipantConnectionRequest(types: [.websocket]), customer.participantToken).websocket
        stage.advance(.milliseconds(milliseconds))
        let result = Result { try stage.openSocket(url: access?.url.exposed ?? "") }
        #expect((try? result.get()) != nil ? opens : !opens)
        #expect(stage.state.tickets.isEmpty == !opens)
    }

    @Test("A connection token lives one day", arguments: [(86_399, true), (86_400, false)])
    func tokenExpires(seconds: Int, isValid: Bool) throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat())
        stage.advance(.seconds(seconds))
        #expect(((try? stage.say("x", customer)) != nil) == isValid)
        // The participant's own token still opens a new one.
        _ = try stage.say("x", stage.connect(customer))
    }

    @Test("Old connection tokens live on or not, as the setting has it", arguments: [true, false])
    func oldTokens(stayValid: Bool) throws {
        var stage = Stage { $0.oldConnectionTokensStayValid = stayValid }
        let old = try stage.connect(stage.startChat())
        let new = try stage.connect(old)
        #expect(((try? stage.say("x", old)) != nil) == stayValid)
        _ = try stage.say("x", new)
    }

    @Test("A silent socket is closed after ten minutes, one that was heard ten minutes later")
    func idle() throws {
        var stage = Stage()
        let customer = try stage.startChat()
        let (silent, heard) = try (stage.openSocket(customer), stage.openSocket(customer))
        stage.advance(.seconds(300))
        stage.state.hear(heard, at: stage.now)
        stage.advance(.seconds(300))
        #expect(stage.closedSockets == [silent])
        stage.advance(.seconds(300))
        #expect(stage.closedSockets == [silent, heard])
    }

    @Test("A socket is closed when its connection has expired")
    func expires() throws {
        var stage = Stage { $0.lifetimes.idleWebSocket = .seconds(100_000) }
        let socket = try stage.openSocket(stage.startChat())
        stage.advance(.seconds(3599))
        #expect(stage.closedSockets == [])
        stage.advance(.seconds(1))
        #expect(stage.closedSockets == [socket])
    }

    @Test("A sixth socket is refused until one of the five is gone")
    func maximum() throws {
        var stage = Stage()
        let customer = try stage.startChat()
        let sockets = try (0..<5).map { _ in try stage.openSocket(customer) }
        #expect(throws: ServiceFault.self) { try stage.openSocket(customer) }
        stage.state.forgetSocket(sockets[0])
        _ = try stage.openSocket(customer)
    }

    @Test("Nothing flows before the subscription; the first one makes its participant join")
    func subscription() throws {
        var stage = Stage()
        let customer = try stage.connect(stage.startChat(), joins: false)
        let socket = try stage.openSocket(customer)
        _ = try stage.say("unheard", customer)
        #expect(stage.received(by: socket).isEmpty)
        #expect(stage.presence(customer) == .connected)
        stage.subscribe(socket)
        #expect(stage.presence(customer) == .joined)
        _ = try stage.say("heard", customer)
        #expect(stage.received(by: socket).map { $0.content ?? "" } == ["", "heard"])
    }

    @Test("Typing reaches the others and is kept by nobody; its sender hears it only where the setting says so", arguments: [true, false])
    func typing(echoes: Bool) throws {
        var stage = Stage { $0.echoesTypingToSender = echoes }
        let customer = try stage.connect(stage.startChat())
        let bot = try stage.connect(stage.addBot(to: customer.contact))
        let (mine, theirs) = try (stage.openSocket(customer), stage.openSocket(bot))
        stage.subscribe(mine)
        stage.subscribe(theirs)
        _ = try stage.call(SendEventRequest(contentType: .typing), customer.token)
        #expect(stage.received(by: theirs).map(\.contentType) == [.typing])
        #expect(stage.received(by: mine).map(\.contentType) == (echoes ? [.typing] : []))
        #expect(!stage.transcript(of: customer.contact).contains("typing"))
    }

    @Test("A custom bot's WebSocket can be refused")
    func customBotWithoutWebSocket() throws {
        var stage = Stage { $0.customBotMayUseWebSocket = false }
        let customer = try stage.connect(stage.startChat())
        let bot = try stage.addBot(to: customer.contact)
        #expect {
            try stage.openSocket(bot)
        } throws: {
            ($0 as? ServiceFault)?.status == 403
        }
        _ = try stage.openSocket(customer)
        _ = try stage.say("by polling then", stage.connect(bot))
    }
}
