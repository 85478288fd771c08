import Testing

@testable import BotHost

@Suite("The ledger of wrong secrets")
struct WrongSecretLedgerTests {
    @Test("The delay doubles up to two seconds, for each address by itself, and never overflows")
    func delays() {
        var ledger = WrongSecretLedger()
        let delays = (0..<7).map { _ in ledger.pass("192.0.2.1").delay }
        #expect(delays == [100, 200, 400, 800, 1600, 2000, 2000].map { .milliseconds($0) })
        #expect(ledger.pass("192.0.2.2").delay == .milliseconds(100))
        for _ in 0..<100_000 { _ = ledger.pass("192.0.2.1") }
        #expect(ledger.pass("192.0.2.1").delay == .seconds(2))
    }

    @Test("An address that was quiet for ten minutes begins anew")
    func memory() {
        var ledger = WrongSecretLedger()
        for _ in 0..<5 { _ = ledger.pass("192.0.2.1") }
        #expect(ledger.pass("192.0.2.1", at: 599).count == 6)
        #expect(ledger.pass("192.0.2.1", at: 599 + 600).count == 1)
    }

    @Test(
        "An IPv6 address stands for its network, a mapped IPv4 address for itself",
        arguments: [
            ("2001:db8::1", "2001:db8::ffff:2", true), ("2001:db8::1", "2001:db8:0:1::1", false), ("::ffff:192.0.2.1", "192.0.2.1", true),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false), ("unknown", "unknown", true), ("192.0.2.1", "192.0.2.2", false),
        ]
    )
    func clients(one: String, other: String, areTheSame: Bool) {
        var ledger = WrongSecretLedger()
        _ = ledger.pass(one)
        #expect(ledger.pass(other).count == (areTheSame ? 2 : 1))
    }

    @Test("Of a flood, the 1st, 10th, 100th and so on are written down, and never more than twenty lines a minute")
    func lines() {
        var ledger = WrongSecretLedger()
        let reported = (1...100_000).filter { _ in ledger.pass("192.0.2.1").isReported }
        #expect(reported == [1, 10, 100, 1000, 10_000, 100_000])
        let many = (0..<1000).filter { ledger.pass("198.51.100.\($0)").isReported }
        #expect(many.count == WrongSecretLedger.linesPerMinute - reported.count)
        #expect(ledger.pass("203.0.113.1", at: 59).isReported == false)
        #expect(ledger.pass("203.0.113.2", at: 60).isReported)
    }

    @Test("So many may wait, of one address and of all, and the table forgets whom it saw longest ago")
    func bounds() {
        var ledger = WrongSecretLedger()
        for _ in 0..<WrongSecretLedger.waitingLimitOfAddress { #expect(ledger.note("192.0.2.1", at: .zero).delay != nil) }
        #expect(ledger.note("192.0.2.1", at: .zero).delay == nil)
        ledger.release("192.0.2.1")
        #expect(ledger.note("192.0.2.1", at: .zero).delay != nil)
        for number in WrongSecretLedger.waitingLimitOfAddress..<WrongSecretLedger.waitingLimit {
            #expect(ledger.note("10.0.\(number).1", at: .seconds(1)).delay != nil)
        }
        #expect(ledger.note("10.1.1.1", at: .seconds(2)).delay == nil)
        for number in 0..<5000 { #expect(ledger.note("10.2.\(number).1", at: .seconds(3)).delay == nil) }
        // Those that wait are still known.
        #expect(ledger.note("192.0.2.1", at: .seconds(4)).count == WrongSecretLedger.waitingLimitOfAddress + 3)
        #expect(ledger.note("10.1.1.1", at: .seconds(4)).count == 1)
    }
}

extension WrongSecretLedger {
    /// Notes one, and lets it have waited.
    fileprivate mutating func pass(_ address: String, at seconds: Double = 0) -> Verdict {
        let verdict = note(address, at: .seconds(seconds))
        if verdict.delay != nil { release(address) }
        return verdict
    }
}
