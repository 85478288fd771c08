import ConnectWire
import Foundation
import Glibc
import Testing

/// The places at which a test can have the process killed.
@Suite("ATTACHE_CRASH_AT", .timeLimit(.minutes(2)))
struct CrashTests {
    private let workplace: Workplace
    private let bot: String

    init() throws {
        workplace = try Workplace()
        bot = try workplace.file("asking.yaml", Workplace.asking)
    }

    @Test(
        "An unknown place ends the command with 2 and the places that there are",
        arguments: ["turn", "turn.decided:0", "turn.decided:x", ":1"]
    )
    func unknown(place: String) async throws {
        let attache = try ChildProcess(
            ["run", bot, "--local", "--store", workplace.store],
            environment: ["ATTACHE_CRASH_AT": place]
        )
        #expect(try await attache.exit().status == 2)
        #expect(attache.errors.contains("'\(place)' is no crash point"))
        #expect(attache.errors.contains("upload.complete-stored, upload.verdict, session.ended"))
    }

    @Test("The second passing of a place kills the process there, and the next run goes on")
    func secondPassing() async throws {
        let service = try ChildProcess(["local", "--quotas", "off"])
        let customer = try await Customer(endpoint: service.firstLine())
        let invited = try await customer.inviteBot()
        func join(_ environment: [String: String] = [:]) throws -> ChildProcess {
            try ChildProcess(
                ["join", bot, "--participant-token-file", "-", "--endpoint", customer.endpoint, "--store", workplace.store],
                environment: environment,
                input: invited.participantCredentials.participantToken.exposed
            )
        }
        let first = try join(["ATTACHE_CRASH_AT": "effect.answered:2"])
        try await customer.hears("Who are you?")
        try await customer.say("Ada")
        #expect(try await first.exit().status == 128 + SIGKILL)

        let second = try join()
        try await customer.say("tea")
        try await customer.hears("You want tea")
        try await customer.say("bye")
        #expect(try await second.exit().status == 0)
        #expect(try await customer.botWords == ["Who are you?", "Ada, and what do you want?", "You want tea"])
    }
}
