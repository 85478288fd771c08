/// Faults by chance. The same seed and the same calls in the same order give the same faults.
struct RandomFaults: Codable, Hashable, Sendable {
    let seed: UInt64
    /// 0 to 1: how many of the calls, frames and scans are struck.
    let rate: Double
    let kinds: [Fault.Kind]
    private var generator: SplitMix64

    init(seed: UInt64, rate: Double, kinds: [Fault.Kind] = Fault.Kind.allCases) {
        self.seed = seed
        self.rate = rate
        self.kinds = kinds
        generator = SplitMix64(state: seed)
    }

    /// - Returns: What strikes this time, if anything does.
    mutating func roll(_ place: Fault.Place, _ operation: String?) -> Fault.Effect? {
        guard Double.random(in: 0..<1, using: &generator) < rate else { return nil }
        let candidates = kinds.filter { kind in
            kind.place == place && (kind.operations.map { operations in operation.map(operations.contains) ?? false } ?? true)
        }
        return candidates.randomElement(using: &generator).map { effect(of: $0) }
    }

    private mutating func effect(of kind: Fault.Kind) -> Fault.Effect {
        switch kind {
        case .status: .status([429, 500, 503].randomElement(using: &generator) ?? 500)
        case .delay: .delay(.milliseconds(Int.random(in: 1...2000, using: &generator)))
        case .reset: .reset
        case .loseResponse: .loseResponse
        case .dropSockets: .dropSockets
        case .silenceSockets: .silenceSockets
        case .expireTokens: .expireTokens
        case .forgetClientTokens: .forgetClientTokens
        case .expireURLs: .expireURLs
        case .breakUpload: .breakUpload
        case .duplicateFrames: .duplicateFrames
        case .reorderFrames: .reorderFrames
        case .malformFrames: .malformFrames
        case .slowScan: .slowScan(.milliseconds(Int.random(in: 1...5000, using: &generator)))
        case .rejectScan: .rejectScan
        }
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
private struct SplitMix64: RandomNumberGenerator, Codable, Hashable, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
