import FuzzTargets
import Glibc

/// A worker as its supervisor sees it.
final class WorkerProcess {
    private let pid: pid_t
    private var status: CInt?
    private(set) var peakMegabytes = 0

    init(_ target: FuzzTarget, _ campaign: Campaign, page: String, skipping skipped: UInt64, errors: String) {
        let words = [
            "/proc/self/exe", target.name, "--page", page, "--skip", "\(skipped)", "--seconds", "\(campaign.seconds)", "--seed",
            "\(campaign.seed)", "--corpus", campaign.corpus, "--megabytes", "\(campaign.megabytes)",
        ]
        // The runtime would spend a second on a backtrace for each trap.
        let environment = ["SWIFT_BACKTRACE=enable=no", "TMPDIR=\(campaign.temporaryFolder)"]
        var copies = (words: words.map { strdup($0) } + [nil], environment: environment.map { strdup($0) } + [nil])
        defer { for copy in copies.words + copies.environment { free(copy) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var pid: pid_t = 0
        let problem = posix_spawn(&pid, "/proc/self/exe", &actions, nil, &copies.words, &copies.environment)
        guard problem == 0 else { fatalError("no worker can be started: \(String(cString: strerror(problem)))") }
        self.pid = pid
    }

    var hasEnded: Bool {
        if status == nil { wait(WNOHANG) }
        return status != nil
    }

    /// Whether it came to the end of its time.
    var isWell: Bool { status == 0 }

    func kill() {
        Glibc.kill(pid, SIGKILL)
        wait(0)
    }

    private func wait(_ options: CInt) {
        var status: CInt = 0
        var usage = rusage()
        guard wait4(pid, &status, options, &usage) == pid else { return }
        self.status = status
        peakMegabytes = usage.ru_maxrss / 1024
    }

    /// What it has resident now.
    var megabytes: Int {
        let fields = File.read("/proc/\(pid)/statm").map { String(decoding: $0, as: UTF8.self).split(separator: " ") } ?? []
        return fields.count > 1 ? ((Int(fields[1]) ?? 0) * Int(sysconf(CInt(_SC_PAGESIZE)))) >> 20 : 0
    }
}
