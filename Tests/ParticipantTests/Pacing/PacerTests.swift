import ConnectWire
import Participant
import Testing

@Suite("The pacer")
struct PacerTests {
    @Test("Who comes first goes first")
    func order() {
        let pacer = Pacer.documented
        let waits = (0..<100).map { _ in pacer.reserve(.startAttachmentUpload, at: .zero) }
        #expect(waits.prefix(5).allSatisfy { $0 == .zero })
        #expect(zip(waits.dropFirst(4), waits.dropFirst(5)).allSatisfy { $0 < $1 })
    }

    @Test("The quotas of different operations have nothing to do with each other")
    func groupsAreApart() {
        let pacer = Pacer.documented
        for _ in 0..<100 { _ = pacer.reserve(.send, at: .zero) }
        for group in QuotaGroup.allCases where group != .send { #expect(pacer.reserve(group, at: .zero) == .zero) }
        #expect(pacer.reserve(.send, at: .zero) > .zero)
    }

    @Test("Without quotas nobody waits, whatever happens")
    func off() {
        let pacer = Pacer.off
        pacer.slowDown(.send, at: .zero)
        pacer.giveBack(.send)
        #expect((0..<1000).allSatisfy { _ in pacer.reserve(.send, at: .zero) == .zero })
    }

    @Test("A refusal slows its own operation down")
    func slowDown() {
        let pacer = Pacer.documented
        pacer.slowDown(.getTranscript, at: .zero)
        #expect(pacer.reserve(.getTranscript, at: .zero) == .seconds(1.0 / 8))
        #expect(pacer.reserve(.send, at: .zero) == .zero)
    }

    @Test("Of many callers at once, as many as the burst go at once")
    func concurrency() async {
        let pacer = Pacer.documented
        let waits = await withTaskGroup(of: Duration.self) { group in
            for _ in 0..<200 { group.addTask { pacer.reserve(.send, at: .zero) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(waits.count { $0 == .zero } == 15)
        #expect(Set(waits).count == 186)
    }
}
