import Foundation
import Glibc
import NIOCore
import Testing

@testable import Transport

@Suite("Control groups")
struct ControlGroupsTests {
    private static let mounts = """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        """

    @Test(
        "A process finds its own group in the file system",
        arguments: [
            ("/ /sys/fs/cgroup", "/system.slice/attache.service", "/sys/fs/cgroup/system.slice/attache.service"),
            ("/ /sys/fs/cgroup/unified", "/", "/sys/fs/cgroup/unified"),
            ("/docker/1 /sys/fs/cgroup", "/docker/1", "/sys/fs/cgroup"),
            ("/docker/1 /sys/fs/cgroup", "/docker/1/host", "/sys/fs/cgroup/host"),
            ("/docker/1 /sys/fs/cgroup", "/docker/10", nil),
        ] as [(String, String, String?)]
    )
    func ownFolder(mount: String, group: String, expected: String?) {
        let mounts = Self.mounts + "\n41 31 0:38 \(mount) rw,relatime shared:9 - cgroup2 cgroup2 rw\n"
        #expect(ControlGroups.ownFolder(mounts: mounts, groups: "4:memory:/other\n0::\(group)\n") == expected)
    }

    @Test("Without version 2 there is none")
    func versionOne() {
        #expect(ControlGroups.ownFolder(mounts: Self.mounts, groups: "4:memory:/other\n0::/x\n") == nil)
        #expect(ControlGroups.ownFolder(mounts: "", groups: "") == nil)
    }

    @Test("A group has the limits of all its processes together")
    func limits() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/attache-groups-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let group = try #require(ControlGroups(folder: folder).make(named: "m", ChildLimits(memory: 1000, processes: 7, openFiles: 5)))
        let files = try FileManager.default.contentsOfDirectory(atPath: group).map {
            ($0, try String(contentsOfFile: "\(group)/\($0)", encoding: .utf8))
        }
        #expect(
            Dictionary(uniqueKeysWithValues: files)
                == ["memory.max": "1000", "memory.swap.max": "0", "memory.oom.group": "1", "pids.max": "7"]
        )
        #expect(ControlGroups(folder: folder + "/none").make(named: "m", ChildLimits()) == nil)
    }

    /// A tree of groups that this process may change; without controllers, such as this machine may have it, it still shows who is in and kills.
    private static var tree: String? {
        ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].first { access($0 + "/cgroup.procs", W_OK) == 0 }
    }

    @Test("What runs in a group is in it with all that it forks, and ends with it", .enabled(if: tree != nil))
    func membership() async throws {
        let group = try #require(Self.tree) + "/attache-test-\(UUID().uuidString)"
        #expect(mkdir(group, 0o755) == 0)
        let command = ChildCommand(
            executable: "/bin/bash",
            arguments: ["-c", "(setsid sleep 600 &); sleep 0.2; cat \(group)/cgroup.procs; true"],
            folder: "/tmp",
            group: group
        )
        let keeper = ChildKeeper(
            executable: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/attache"
        )
        let life = try await ChildProcess.run(command, keeper: keeper, errors: { _ in }) { child in
            var text = ""
            for try await block in child.output { text += String(buffer: block) }
            return text
        }
        // The shell, its `cat` and the daemon.
        #expect(try life.result.get().split(separator: "\n").count == 3)
        #expect(rmdir(group) == 0, "nothing is left in it")
    }
}
