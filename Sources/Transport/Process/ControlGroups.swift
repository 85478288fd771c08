import CLinux
import FoundationEssentials
import Glibc

/// Control groups (version 2) for children, where this process was handed a part of the tree to do with as it likes: systemd's `Delegate=yes`, for one.
///
/// A group that hands its controllers down has no processes of its own. So this process moves into one beside those of its children; it only does that
/// where it is alone in its group.
package struct ControlGroups: Hashable, Sendable {
    /// The group that the children's are in.
    let folder: String

    private static let controllers: Set<String> = ["memory", "pids"]
    private static let ownGroup = "attache-host"

    init(folder: String) {
        self.folder = folder
    }

    /// - Returns: Nil where it has no such part: then children are counted by their keepers.
    package static func ofThisProcess() -> ControlGroups? {
        guard let own = ownFolder(mounts: text("/proc/self/mountinfo"), groups: text("/proc/self/cgroup")) else { return nil }
        // systemd may have put it into a group within its part already (`DelegateSubgroup=`).
        return ControlGroups(folder: own).handingDown()
            ?? ControlGroups(folder: String(own[..<(own.lastIndex(of: "/") ?? own.endIndex)])).handingDown()
    }

    /// Where the group of a process is in the file system.
    static func ownFolder(mounts: String, groups: String) -> String? {
        guard let group = groups.split(separator: "\n").first(where: { $0.hasPrefix("0::/") })?.dropFirst(3) else { return nil }
        for line in mounts.split(separator: "\n") {
            let (fields, kind) = (line.split(separator: " "), line.split(separator: " - ").last?.split(separator: " ").first)
            guard kind == "cgroup2", fields.count > 5 else { continue }
            let (root, place) = (fields[3] == "/" ? "" : fields[3], fields[4])
            guard group == root || group.hasPrefix(root + "/") else { continue }
            let rest = group.dropFirst(root.count)
            return rest == "/" ? String(place) : String(place) + rest
        }
        return nil
    }

    /// Sees to it that groups in this one have the controllers; nil where that cannot be.
    private func handingDown() -> ControlGroups? {
        guard Self.controllers.isSubset(of: words("cgroup.controllers")), access("\(folder)/cgroup.procs", W_OK) == 0, isOurs else {
            return nil
        }
        if Self.controllers.isSubset(of: words("cgroup.subtree_control")) { return self }
        let members = words("cgroup.procs")
        guard members.isEmpty || members == ["\(getpid())"] else { return nil }
        let own = "\(folder)/\(Self.ownGroup)"
        if !members.isEmpty {
            guard mkdir(own, 0o755) == 0 || errno == EEXIST, Self.write("0", to: "\(own)/cgroup.procs") else { return nil }
        }
        if Self.write("+memory +pids", to: "\(folder)/cgroup.subtree_control") { return self }
        if !members.isEmpty, Self.write("0", to: "\(folder)/cgroup.procs") { rmdir(own) }
        return nil
    }

    /// Whether it was handed to this process: where systemd manages the tree, it marks what it has given away.
    private var isOurs: Bool {
        if access("/run/systemd/system", F_OK) != 0 { return true }
        return ["user.delegate", "trusted.delegate"].contains { attribute in
            var value: UInt8 = 0
            return getxattr(folder, attribute, &value, 1) == 1 && value == UInt8(ascii: "1")
        }
    }

    /// Makes a group with limits for all its processes together.
    /// - Returns: Its folder; nil where it cannot be made so.
    package func make(named name: String, _ limits: ChildLimits) -> String? {
        let group = "\(folder)/\(name)"
        guard mkdir(group, 0o755) == 0 else { return nil }
        let isLimited =
            (limits.memory.map { Self.write("\($0)", to: "\(group)/memory.max") } ?? true)
            && (limits.processes.map { Self.write("\($0)", to: "\(group)/pids.max") } ?? true)
        guard isLimited else {
            rmdir(group)
            return nil
        }
        // What is swapped out is memory, too; and of a module that has too much, nothing is left half alive. Kernels may lack either.
        _ = Self.write("0", to: "\(group)/memory.swap.max")
        _ = Self.write("1", to: "\(group)/memory.oom.group")
        return group
    }

    /// Removes a group whose processes are gone.
    package func remove(_ group: String) {
        rmdir(group)
    }

    private func words(_ file: String) -> Set<String> {
        Set(Self.text("\(folder)/\(file)").split(whereSeparator: \.isWhitespace).map(String.init))
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count
    }
}
