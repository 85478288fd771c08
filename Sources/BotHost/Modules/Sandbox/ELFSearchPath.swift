import Glibc

/// Where a program in the machine's own format looks for its libraries, beside where all do: its `DT_RUNPATH` and `DT_RPATH`, as elf(5) has them.
struct ELFSearchPath {
    private static let (load, dynamic): (UInt64, UInt64) = (1, 2)
    private static let (stringTable, rpath, runpath): (UInt64, UInt64, UInt64) = (5, 15, 29)
    private static let entryLimit: UInt64 = 4096

    private let descriptor: CInt

    /// - Returns: Nothing for what is no such file; only 64 bits and the small end first are known here.
    static func folders(of path: String) -> [String] {
        guard SandboxRules.isFile(path) else { return [] }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        let origin = (SandboxRules.resolved(path) ?? path).parentFolder
        return ELFSearchPath(descriptor: descriptor).texts.flatMap { $0.split(separator: ":") }
            .map { String($0).replacing("$ORIGIN", with: origin).replacing("${ORIGIN}", with: origin) }
            .filter { $0.hasPrefix("/") }
    }

    private var texts: [String] {
        guard bytes(at: 0, 6) == [0x7F, 0x45, 0x4C, 0x46, 2, 1], let table = number(at: 32, 8), let size = number(at: 54, 2),
            let count = number(at: 56, 2)
        else { return [] }
        let segments = (0..<min(count, Self.entryLimit)).compactMap { segment(at: table &+ $0 &* size) }
        guard let entries = segments.first(where: { $0.kind == Self.dynamic }).map(entries(of:)),
            let address = entries[Self.stringTable]?.first,
            let strings = segments.first(where: { $0.kind == Self.load && $0.address <= address && address - $0.address < $0.size })
        else { return [] }
        let start = strings.offset &+ (address - strings.address)
        return ((entries[Self.runpath] ?? []) + (entries[Self.rpath] ?? [])).map { text(at: start &+ $0) }
    }

    /// A program header.
    private struct Segment {
        let kind: UInt64
        let offset: UInt64
        let address: UInt64
        let size: UInt64
    }

    private func segment(at place: UInt64) -> Segment? {
        guard let kind = number(at: place, 4), let offset = number(at: place &+ 8, 8), let address = number(at: place &+ 16, 8),
            let size = number(at: place &+ 32, 8)
        else { return nil }
        return Segment(kind: kind, offset: offset, address: address, size: size)
    }

    /// Of the dynamic section, by their tags.
    private func entries(of segment: Segment) -> [UInt64: [UInt64]] {
        var found: [UInt64: [UInt64]] = [:]
        for index in 0..<min(segment.size / 16, Self.entryLimit) {
            let place = segment.offset &+ index &* 16
            guard let tag = number(at: place, 8), let value = number(at: place &+ 8, 8), tag != 0 else { break }
            found[tag, default: []].append(value)
        }
        return found
    }

    private func number(at place: UInt64, _ size: Int) -> UInt64? {
        let bytes = bytes(at: place, size)
        return bytes.count == size ? bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } : nil
    }

    private func text(at place: UInt64) -> String {
        String(decoding: bytes(at: place, 4096).prefix { $0 != 0 }, as: UTF8.self)
    }

    private func bytes(at place: UInt64, _ size: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        let count = pread(descriptor, &bytes, size, off_t(clamping: place))
        return Array(bytes.prefix(max(0, count)))
    }
}
