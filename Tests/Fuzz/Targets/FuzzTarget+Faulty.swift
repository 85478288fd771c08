extension FuzzTarget {
    /// Not in the list: does all that must not happen, so that the fuzzer itself can be tested.
    static let faulty = FuzzTarget("faulty", "does what must not happen", tokens: ["trap", "hang", "memory"]) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains("trap") { fatalError("a trap") }
        while text.contains("hang") {}
        var memory: [[UInt8]] = []
        while text.contains("memory") { memory.append([UInt8](repeating: 1, count: 1 << 24)) }
    }
}
