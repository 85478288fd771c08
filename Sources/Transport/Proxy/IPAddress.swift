import Glibc

/// The bytes of an IPv4 or IPv6 address. An IPv4 address that is written as an IPv6 one (`::ffff:127.0.0.1`) is an IPv4 address.
struct IPAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    /// - Parameter text: Also in the short, octal and hexadecimal spellings of IPv4 (`127.1`, `0x7f000001`), as resolvers read them.
    init?(_ text: String) {
        var address = in_addr()
        if text.utf8.allSatisfy(Self.isOfIPv4), inet_aton(text, &address) != 0 {
            bytes = withUnsafeBytes(of: address.s_addr, Array.init)
            return
        }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let isMapped = bytes[..<12].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        self.bytes = isMapped ? Array(bytes[12...]) : bytes
    }

    /// `inet_aton` stops at a space and takes what is before it.
    private static func isOfIPv4(_ byte: UInt8) -> Bool {
        "0123456789abcdefABCDEFxX.".utf8.contains(byte)
    }

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// - Parameter network: An address, or one with the number of bits that count.
    func isIn(_ network: some StringProtocol) -> Bool {
        let parts = network.split(separator: "/", maxSplits: 1)
        guard let base = parts.first.flatMap({ IPAddress(String($0).trimmingBrackets) }), base.bytes.count == bytes.count else {
            return false
        }
        guard parts.count == 2 else { return base == self }
        guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return false }
        return bytes.indices.allSatisfy { index in
            let counting = min(max(bits - index * 8, 0), 8)
            let mask = ~UInt8(truncatingIfNeeded: 0xFF >> counting)
            return bytes[index] & mask == base.bytes[index] & mask
        }
    }
}
