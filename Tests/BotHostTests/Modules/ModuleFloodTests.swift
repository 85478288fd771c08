import NIOCore
import TestSupport
import Testing
import Transport

@testable import BotHost

/// What a module may write that nobody asked for. Time passes only while its output is not read.
// One at a time: each of them keeps a processor busy.
@Suite("A module that writes without end", .serialized, .timeLimit(.minutes(3)))
struct ModuleFloodTests {
    private static let texts: [String] = [
        "x",
        "\n",
        " \n",
        "a b\n",
        #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"still here"}}\#n"#,
        #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":77}}\#n"#,
        #"{"jsonrpc":"2.0","id":5,"result":{}}\#n"#,
    ]
    /// Blocks as a pipe gives them.
    private static let floods: [ByteBuffer] = texts.map { text in
        ByteBuffer(string: String(repeating: text, count: 65536 / text.utf8.count))
    }

    private static func output(_ time: any TimeSource) -> MCPOutput {
        let conversation = MCPConversation(module: "m", options: ModuleOptions(), spool: "/", time: time, logger: .silent) { _ in true }
        return MCPOutput(module: "m", conversation: conversation, time: time, logger: .silent)
    }

    /// How many bytes are read of a flood before it is given up, and why it is.
    private static func endure(_ block: ByteBuffer, _ append: (ByteBuffer) async throws -> Void) async -> (bytes: Int, reason: String) {
        for number in 0..<10_000 {
            do {
                await Task.yield()
                try await append(block)
            } catch {
                return (number * block.readableBytes, "\(error)")
            }
        }
        return (.max, "it was endured")
    }

    @Test("On its standard output it is read ever more slowly, and then given up", arguments: floods)
    func output(block: ByteBuffer) async {
        let time = SkippingTime()
        var output = Self.output(time)
        let (bytes, reason) = await Self.endure(block) { try await output.append($0) }
        #expect(reason.contains("it floods its standard output with") || reason.contains("20 lines in a row to its standard output"))
        #expect(bytes < 128 << 20)
        #expect(time.uptime < .seconds(10))
    }

    @Test("On its standard error output as well, and its last lines are known", arguments: Array("x\n".utf8))
    func errors(byte: UInt8) async throws {
        let block = ByteBuffer(repeating: byte, count: 1 << 20)
        let time = SkippingTime()
        let errors = ErrorTail(module: "m", secrets: [], time: time, logger: .silent)
        // The pipe is read until the module is gone, so what goes on is only no longer waited for.
        for _ in 0..<100 {
            await Task.yield()
            await errors.append(block)
        }
        #expect((OutputPace.patience...OutputPace.patience + .seconds(1)).contains(time.uptime))
        let error = await #expect(throws: ModuleFailure.self) { try await errors.watchForFlood() }
        #expect(error?.description.contains("it floods its standard error output with more than 1024 lines or 4 MiB a second") == true)
        #expect(errors.lines.count <= 20)
    }

    @Test("A burst of 16 MiB at the start is read at once, whatever it is made of", arguments: floods.prefix(4))
    func burst(block: ByteBuffer) async throws {
        let time = SkippingTime()
        let errors = ErrorTail(module: "m", secrets: [], time: time, logger: .silent)
        for _ in 0..<256 { await errors.append(block) }
        #expect(time.sleeps.isEmpty)
    }

    @Test("Who pauses begins anew: a log of half a MiB a second goes on for ever")
    func steady() async throws {
        let time = SkippingTime()
        var output = Self.output(time)
        let errors = ErrorTail(module: "m", secrets: [], time: time, logger: .silent)
        let lines = ByteBuffer(
            string: String(repeating: #"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"# + "\n", count: 500)
        )
        let block = ByteBuffer(repeating: UInt8(ascii: "x"), count: 512 << 10)
        for _ in 0..<40 {
            try await output.append(lines)
            await errors.append(block)
            time.advance(by: .seconds(1))
        }
        #expect(time.sleeps.isEmpty)
    }

    @Test(
        "Who has written a burst, and then keeps to the rate, is never waited for; who writes twice as fast is given up after ten seconds"
    )
    func rate() {
        func verdicts(linesPerSecond: Int) -> [Duration?] {
            var pace = OutputPace(at: .zero)
            for _ in 0..<16_384 { _ = pace.take(1, at: .zero) }
            var uptime = Duration.zero
            return (1...linesPerSecond * 12).map { _ in
                uptime += .seconds(1) / linesPerSecond
                let wait = pace.take(1, at: uptime)
                uptime += wait ?? .zero
                return wait
            }
        }
        #expect(verdicts(linesPerSecond: 1000).allSatisfy { $0 == .zero })
        let fast = verdicts(linesPerSecond: 2048)
        #expect(fast.firstIndex(of: nil).map { (10_000...12_000).contains($0) } == true)
    }

    @Test("The last lines of a block are kept whole, with the one that began before it")
    func lastLines() async {
        let errors = ErrorTail(module: "m", secrets: [], time: SkippingTime(), logger: .silent)
        await errors.append(ByteBuffer(string: "begun "))
        await errors.append(ByteBuffer(string: "and ended\nnext\n"))
        #expect(errors.lines == ["begun and ended", "next"])
        await errors.append(ByteBuffer(string: (1...1000).map { "line \($0)\n" }.joined()))
        #expect(errors.lines == (981...1000).map { "line \($0)" })
    }
}
