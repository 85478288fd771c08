import Glibc

/// What a module has left that killed its keeper: processes that have come to this one, their next ancestor that adopts.
///
/// They are known by a limit that the keeper has lowered for them, which they inherit and cannot raise (`mark_as_module` in `module_keeper.c`). A keeper
/// does not have it, nor has what a native library may have started in this process.
enum Orphans {
    /// Kills them, and what their deaths leave. Blocks until there are none.
    static func end() {
        guard let own = realtimeLimit(of: "self") else { return }
        while true {
            let orphans = children().filter { pid in realtimeLimit(of: "\(pid)").map { $0 < own } ?? false }
            if orphans.isEmpty { return }
            for pid in orphans { kill(pid, SIGKILL) }
            for pid in orphans { while waitpid(pid, nil, 0) < 0, errno == EINTR {} }
        }
    }

    /// Of all threads: an orphan comes to any of them.
    private static func children() -> [pid_t] {
        names(in: "/proc/self/task").flatMap { thread in
            text(of: "/proc/self/task/\(thread)/children").split(separator: " ").compactMap { pid_t($0) }
        }
    }

    /// The hard one: the limit itself, as `unlimited` for the greatest number.
    private static func realtimeLimit(of process: String) -> UInt64? {
        let title = "Max realtime timeout"
        guard let line = text(of: "/proc/\(process)/limits").split(separator: "\n").first(where: { $0.hasPrefix(title) }) else {
            return nil
        }
        let columns = line.dropFirst(title.count).split(separator: " ")
        guard columns.count >= 2 else { return nil }
        return columns[1] == "unlimited" ? .max : UInt64(columns[1])
    }

    private static func names(in folder: String) -> [String] {
        guard let entries = opendir(folder) else { return [] }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// Empty where it cannot be read: the process has gone meanwhile.
    private static func text(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &block, block.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += block[..<count]
        }
    }
}
