import Foundation
import Glibc
import NIOCore
import Testing

@testable import Transport

/// Real processes under a real kernel; only one with Landlock can show what it keeps back.
@Suite("The sandbox of child processes", .enabled(if: SandboxSupport.ofThisKernel.shortcoming == nil))
struct ChildSandboxTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/attache-sandbox-" + UUID().uuidString

    init() throws {
        for name in ["own", "other"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        try Data("secret".utf8).write(to: URL(fileURLWithPath: folder + "/other/secret"))
        try FileManager.default.createSymbolicLink(atPath: folder + "/own/link", withDestinationPath: folder + "/other/secret")
    }

    /// - Returns: What a script says, with its complaints.
    private func run(_ script: String) async throws -> String {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let system = ["/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/proc", "/dev/null"].map { ChildSandbox.Rule(.read, $0) }
        let command = ChildCommand(
            executable: "/bin/bash",
            arguments: ["-c", "exec 2>&1; " + script.replacing("FOLDER", with: folder).replacing("HOST", with: "\(getpid())")],
            folder: folder,
            sandbox: ChildSandbox(
                rules: system + [.init(.device, "/dev/null"), .init(.write, folder + "/own"), .init(.read, "/not/there")]
            )
        )
        let keeper = ChildKeeper(
            executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/attache"
        )
        let life = try await ChildProcess.run(command, keeper: keeper, errors: { _ in }) { child in
            var text = ""
            for try await block in child.output { text += String(buffer: block) }
            return text
        }
        #expect(life.ending == .exited(0))
        return try life.result.get()
    }

    @Test(
        "It has what it was granted, and may do with its own folder what it likes",
        arguments: [
            ("cat /usr/bin/env > /dev/null && echo read", "read\n"),
            ("cd own; echo text > a; mkdir b; mv a b/c; cat b/c; rm -r b; mkfifo p; rm p; ls", "text\nlink\n"),
            ("/usr/bin/env true && echo run", "run\n"),
        ]
    )
    func granted(script: String, expected: String) async throws {
        #expect(try await run(script) == expected)
    }

    @Test(
        "Everything else is refused: by its path, through a link, by a hard link, to write, to list and to run",
        arguments: [
            "cat other/secret", "cat own/link", "ln other/secret own/hard && cat own/hard", "echo x > other/new", "echo x >> other/secret",
            "rm other/secret", "mv other own/other", "ls other", "cat /etc/shadow", "cat /proc/HOST/environ", "readlink /proc/HOST/fd/0",
            "ls /root",
            "cp /usr/bin/env other/env", "exec 3<> /dev/tty",
        ]
    )
    func refused(script: String) async throws {
        let said = try await run("(\(script)) && echo DONE; true")
        #expect(!said.contains("DONE") && !said.contains("secret\n"), "\(said)")
    }

    @Test(
        "It signals nobody outside of it, neither its keeper nor the host, and cannot limit them",
        arguments: [
            "kill -KILL $PPID", "kill -STOP $PPID", "kill -0 HOST", "kill -KILL -- -$(ps -o pgid= HOST)", "prlimit --pid HOST --cpu=1:1",
            "prlimit --pid $PPID --nofile=0:0",
        ]
    )
    func signals(script: String) async throws {
        #expect(try await !run("(\(script)) && echo DONE; true").contains("DONE"))
    }

    @Test("It has no right of root, and gets none")
    func rights() async throws {
        let said = try await run("grep -E '^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs):' /proc/self/status")
        let values = said.split(separator: "\n").map { $0.split(separator: "\t").last.map(String.init) }
        #expect(values == Array(repeating: "0000000000000000", count: 5) + ["1"])
    }
}

@Suite("What a kernel can do for a sandbox")
struct SandboxSupportTests {
    @Test(
        "What is missing is said, version by version",
        arguments: [
            (-1, "every file"), (0, "every file"), (1, "empty files"), (2, "empty files"), (3, "signal"), (5, "signal"), (6, nil), (9, nil),
        ] as [(Int, String?)]
    )
    func shortcomings(version: Int, expected: String?) throws {
        let shortcoming = SandboxSupport(version: version).shortcoming
        guard let expected else { return #expect(shortcoming == nil) }
        #expect(try #require(shortcoming).contains(expected))
    }
}
