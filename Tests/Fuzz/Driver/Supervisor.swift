import FuzzTargets
import Glibc

/// Has a target fed by worker processes: keeps the input that ended one, starts another, and goes on until the time is over.
struct Supervisor {
    private let target: FuzzTarget
    private let campaign: Campaign
    private let page: Page
    private let pagePath: String

    /// Workers of one target that may die of different things; then it is not worth while to go on.
    private static let findingLimit = 20

    init(_ target: FuzzTarget, _ campaign: Campaign) {
        self.target = target
        self.campaign = campaign
        mkdir(campaign.findings, 0o755)
        mkdir(campaign.temporaryFolder, 0o755)
        pagePath = "\(campaign.findings)/\(target.name).page"
        unlink(pagePath)
        page = Page(path: pagePath)
    }

    func run() -> Report {
        let start = Page.now
        var report = Report(target: target.name)
        var share = campaign
        var skipped: UInt64 = 0
        defer { unlink(pagePath) }
        while case let left = campaign.seconds - Double(Page.now - start) / 1e9, left > 0.05, report.findings.count < Self.findingLimit {
            share.seconds = left
            page.clear()
            let errors = "\(pagePath).errors"
            let worker = WorkerProcess(target, share, page: pagePath, skipping: skipped, errors: errors)
            let ending = watch(worker)
            report.inputs += page.inputs
            report.peakMegabytes = max(report.peakMegabytes, worker.peakMegabytes)
            if let ending { report.add(finding(ending, File.read(errors) ?? [])) }
            unlink(errors)
            skipped += page.inputs + 1
            share.seed &+= 1
        }
        report.seconds = Double(Page.now - start) / 1e9
        report.longestMilliseconds = page.longest / 1_000_000
        return report
    }

    /// - Returns: What was wrong, or nil for a worker whose time was over.
    private func watch(_ worker: WorkerProcess) -> Finding.Kind? {
        while !worker.hasEnded {
            if let elapsed = page.elapsed, Double(elapsed) > campaign.secondsPerInput * 1e9 {
                worker.kill()
                return .hang
            }
            if worker.megabytes > campaign.megabytes {
                worker.kill()
                return .memory
            }
            usleep(20_000)
        }
        if worker.isWell { return nil }
        // It may have reached the end of its address space between two looks.
        return worker.peakMegabytes > campaign.megabytes ? .memory : .trap
    }

    private func finding(_ kind: Finding.Kind, _ errors: [UInt8]) -> Finding {
        let lines = String(decoding: errors.prefix(1 << 16), as: UTF8.self).split(separator: "\n")
        let reason = kind == .trap ? lines.first { $0.contains("Fatal error") || $0.contains("rror:") } ?? lines.first ?? "" : ""
        let input = page.input
        let path = "\(campaign.findings)/\(target.name)-\(kind)-\(String(input.fingerprint, radix: 16))"
        File.write(input, to: path)
        return Finding(kind: kind, reason: String(reason.prefix(300)), path: path)
    }
}

extension [UInt8] {
    /// FNV-1a.
    fileprivate var fingerprint: UInt64 { reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } }
}
