import Testing

@testable import BotHost

@Suite("When a module is started again")
struct ModuleHealthTests {
    @Test("It is restarted after growing delays, and rests after three failures within an hour")
    func failures() {
        var health = ModuleHealth()
        #expect(health.failed(at: .seconds(0), jitter: 1) == .restart(after: .milliseconds(500)))
        #expect(health.failed(at: .seconds(10), jitter: 1) == .restart(after: .seconds(1)))
        #expect(health.failed(at: .seconds(20), jitter: 1) == .rest(ModuleHealth.rest))
    }

    @Test("After a rest it gets one try at a time, and never is it given up")
    func rests() {
        var health = ModuleHealth()
        for hour in 0..<3 { _ = health.failed(at: .seconds(hour), jitter: 1) }
        for rest in 1...100 {
            #expect(health.failed(at: .seconds(rest * 600), jitter: 1) == .rest(ModuleHealth.rest))
            #expect(health.failures.count == ModuleHealth.limit)
        }
    }

    @Test("Failures of more than an hour ago are forgiven")
    func memory() {
        var health = ModuleHealth()
        for failure in 0..<5 {
            #expect(health.failed(at: .seconds(failure * 3601), jitter: 1) == .restart(after: .milliseconds(500)))
        }
    }

    @Test("Jitter shortens a delay by half at the most")
    func jitter() {
        var health = ModuleHealth()
        #expect(health.failed(at: .zero, jitter: 0) == .restart(after: .milliseconds(250)))
    }
}
