import Foundation
import Glibc
import NIOCore
import TestSupport
import Testing

@testable import Transport

/// Real processes: a shell, under the real keeper.
@Suite("Child processes")
struct ChildProcessTests {
    private static let keeper = ChildKeeper(
        executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/attache"
    )

    private static func run<Value: Sendable>(
        _ script: String,
        limits: ChildLimits = ChildLimits(),
        sandbox: ChildSandbox? = nil,
        group: String? = nil,
        environment: [String: String] = [:],
        _ body: @escaping @Sendable (ChildProcess) async throws -> Value
    ) async throws -> (result: Result<Value, any Error>, ending: ChildEnding) {
        let command = ChildCommand(
            executable: "/bin/bash",
            arguments: ["-c", script],
            environment: environment,
            folder: "/tmp",
            limits: limits,
            sandbox: sandbox,
            group: group
        )
        return try await ChildProcess.run(command, keeper: keeper, errors: { _ in }, body)
    }

    /// All that it writes until it closes its output.
    @Sendable private static func output(_ child: ChildProcess) async throws -> String {
        var text = ""
        for try await block in child.output { text += String(buffer: block) }
        return text
    }

    private static func isAlive(_ pid: String) -> Bool {
        Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)).map { kill($0, 0) == 0 } ?? false
    }

    @Test(
        "How a command ended is told",
        arguments: [
            ("exit 0", ChildEnding.exited(0)), ("exit 7", .exited(7)), ("kill -9 $$", .signalled(9)), ("kill $$", .signalled(15)),
        ]
    )
    func endings(script: String, expected: ChildEnding) async throws {
        #expect(try await Self.run(script, Self.output).ending == expected)
    }

    @Test("A command that is not there is told with the reason")
    func missing() async throws {
        let command = ChildCommand(executable: "/no/such/program", folder: "/tmp")
        let life = try await ChildProcess.run(command, keeper: Self.keeper, errors: { _ in }, Self.output)
        #expect(life.ending == .notStarted(Int(ENOENT)))
    }

    @Test("It gets what is sent to it, and the end of its input")
    func input() async throws {
        let life = try await Self.run("cat; echo end") { child in
            try await child.send(ByteBuffer(string: "hello\n"))
            child.closeInput()
            return try await Self.output(child)
        }
        #expect(try life.result.get() == "hello\nend\n")
        #expect(life.ending == .exited(0))
    }

    @Test("It has the environment that it was given, and no descriptors but the three")
    func surroundings() async throws {
        let life = try await Self.run("/usr/bin/env; ls /proc/$$/fd; true", environment: ["ONLY": "this"], Self.output)
        let lines = try life.result.get().split(separator: "\n").map(String.init)
        #expect(lines.contains("ONLY=this"))
        // What a shell sets by itself.
        #expect(
            lines.filter { $0.contains("=") && !["ONLY", "PWD", "SHLVL", "_", "OLDPWD"].contains(String($0.prefix { $0 != "=" })) } == []
        )
        #expect(lines.filter { Int($0) != nil } == ["0", "1", "2"])
    }

    @Test("When the body is over, the command is killed, whatever signals it ignores")
    func stubborn() async throws {
        let life = try await Self.run("trap '' TERM HUP INT; echo $$; while true; do sleep 1; done") { child in
            var blocks = child.output.makeAsyncIterator()
            return String(buffer: try #require(try await blocks.next()))
        }
        #expect(life.ending == .killed)
        #expect(!Self.isAlive(try life.result.get()))
    }

    @Test(
        "When the command ends, so does what it has forked: in its group, in a session of its own, and holding its pipe",
        arguments: [
            "sleep 600 & echo $!", "setsid sleep 600 & sleep 0.2; echo $!", "(setsid bash -c 'echo $$; exec sleep 600' &); sleep 0.2",
        ]
    )
    func grandchildren(script: String) async throws {
        let life = try await Self.run(script, Self.output)
        #expect(life.ending == .exited(0))
        #expect(!Self.isAlive(try life.result.get()))
    }

    @Test(
        "A command that kills its keeper, or stops it, leaves nothing: nor does its daemon, which holds its pipes",
        arguments: ["KILL", "STOP"]
    )
    func keeperKilled(signal: String) async throws {
        let daemon = "(setsid bash -c 'trap \"\" TERM HUP INT; echo $$; exec sleep 600' &)"
        let life = try await Self.run("\(daemon); sleep 0.2; kill -\(signal) $PPID; exec sleep 600") { child in
            var blocks = child.output.makeAsyncIterator()
            let pid = String(buffer: try #require(try await blocks.next()))
            // One that is stopped is only noticed when it does not do what it is told.
            if signal == "KILL" { while try await blocks.next() != nil {} }
            return pid
        }
        #expect(life.ending == .keeperKilled)
        #expect(!Self.isAlive(try life.result.get()))
    }

    @Test("Limits are for all that it starts together: processes, and the memory that they have written to")
    func sharedLimits() async throws {
        let many = "for i in {1..300}; do sleep 600 & done; wait"
        #expect(try await Self.run(many, limits: ChildLimits(processes: 50), Self.output).ending == .tooManyProcesses(50))
        let big = "for i in {1..8}; do (x=$(head -c 30000000 /dev/zero | tr '\\0' x); sleep 600; echo $x) & done; wait"
        #expect(try await Self.run(big, limits: ChildLimits(memory: 200_000_000), Self.output).ending == .tooMuchMemory(200_000_000))
    }

    @Test("Memory that a command shares with what it forks is counted once")
    func sharedMemory() async throws {
        let script = "x=$(head -c 60000000 /dev/zero | tr '\\0' x); for i in {1..5}; do (sleep 1; exit 0) & done; wait; echo ${#x}"
        let life = try await Self.run(script, limits: ChildLimits(memory: 250_000_000), Self.output)
        #expect(life.ending == .exited(0))
        #expect(try life.result.get() == "60000000\n")
    }

    @Test("Limits hold: memory, open files, the size of a file")
    func limits() async throws {
        let limits = ChildLimits(memory: 64 << 20, openFiles: 16, fileSize: 1024)
        let life = try await Self.run("ulimit -d; ulimit -n; ulimit -f", limits: limits, Self.output)
        #expect(try life.result.get() == "65536\n16\n1\n")
    }

    @Test("A body that throws leaves no process, and its error is told")
    func failure() async throws {
        struct Wrong: Error {}
        let life = try await Self.run("sleep 600") { _ in throw Wrong() }
        #expect(throws: Wrong.self) { try life.result.get() }
        #expect(life.ending == .killed)
    }
}
