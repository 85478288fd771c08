/// Something that must not happen, and the input that it happened with.
struct Finding {
    enum Kind: String {
        case trap
        case hang
        case memory
    }

    let kind: Kind
    /// Of a trap: what the process said last.
    let reason: String
    let path: String
}

/// What came of one target.
struct Report: CustomStringConvertible {
    let target: String
    var inputs: UInt64 = 0
    var seconds = 0.0
    var longestMilliseconds: UInt64 = 0
    var peakMegabytes = 0
    private(set) var findings: [Finding] = []

    init(target: String) {
        self.target = target
    }

    /// The same trap is told once.
    mutating func add(_ finding: Finding) {
        guard !findings.contains(where: { $0.kind == finding.kind && $0.reason == finding.reason }) else { return }
        findings.append(finding)
    }

    var description: String {
        let rate = Int(Double(inputs) / max(seconds, 0.001))
        let figures = "\(inputs) inputs, \(rate)/s, longest \(longestMilliseconds) ms, at most \(peakMegabytes) MB"
        let outcome = findings.isEmpty ? "nothing found" : "\(findings.count) findings"
        let told = findings.map { finding in
            "\n  \(finding.kind): \(finding.reason)\n    script/fuzz \(target) \(finding.path)"
        }
        return "\(target.padded(to: 14)) \(figures): \(outcome)\(told.joined())"
    }
}
