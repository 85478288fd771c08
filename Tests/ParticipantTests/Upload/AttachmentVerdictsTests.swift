import ConnectWire
import Testing

@testable import Participant

@Suite("Verdicts on attachments", .timeLimit(.minutes(1)))
struct AttachmentVerdictsTests {
    private let verdicts = AttachmentVerdicts()

    @Test("A verdict that came before anybody asked is told", arguments: [AttachmentStatus.approved, .rejected])
    func known(status: AttachmentStatus) async {
        verdicts.note(.attachment("a", status))
        #expect(await verdicts.verdict(for: "a") == status)
        #expect(await verdicts.verdict(for: "a") == status)
    }

    @Test("What is no verdict is not taken for one")
    func provisional() async {
        verdicts.note(.attachment("a", .inProgress))
        verdicts.note(.attachment("a", AttachmentStatus(rawValue: "PONDERING")))
        verdicts.note(.message("m"))
        verdicts.note(.attachment("b", .approved))
        verdicts.note(.attachment("a", .rejected))
        #expect(await verdicts.verdict(for: "a") == .rejected)
    }

    @Test("Everybody who waits is told, and nobody else")
    func waiting() async {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                let id = AttachmentID("a\(number % 10)")
                group.addTask { #expect(await verdicts.verdict(for: id) == (number.isMultiple(of: 2) ? .approved : .rejected)) }
            }
            for number in 0..<10 {
                group.addTask { verdicts.note(.attachment(AttachmentID("a\(number)"), number.isMultiple(of: 2) ? .approved : .rejected)) }
            }
        }
    }

    @Test("Who is cancelled is told nothing, and takes nothing from others")
    func cancelled() async {
        for _ in 0..<200 {
            let verdicts = AttachmentVerdicts()
            let cancelled = Task { await verdicts.verdict(for: "a") }
            let waiting = Task { await verdicts.verdict(for: "a") }
            cancelled.cancel()
            if Bool.random() { await Task.yield() }
            verdicts.note(.attachment("a", .approved))
            #expect(await waiting.value == .approved)
            _ = await cancelled.value
        }
    }

    @Test("A task that is cancelled while nothing comes goes on")
    func cancelledForEver() async {
        let task = Task { await verdicts.verdict(for: "never") }
        await Task.yield()
        task.cancel()
        #expect(await task.value == nil)
    }

    @Test("A task that was cancelled before it asked goes on")
    func cancelledBefore() async {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return await verdicts.verdict(for: "never")
        }
        task.cancel()
        #expect(await task.value == nil)
    }

    @Test("Of very many verdicts that nobody asks for, the oldest go")
    func bounded() async {
        for number in 0..<1000 { verdicts.note(.attachment(AttachmentID("a\(number)"), .approved)) }
        #expect(await verdicts.verdict(for: "a999") == .approved)
        #expect(await verdicts.verdict(for: "a936") == .approved)
        let task = Task { await verdicts.verdict(for: "a935") }
        await Task.yield()
        task.cancel()
        #expect(await task.value == nil)
    }
}
