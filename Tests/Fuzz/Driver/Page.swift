import Dispatch
import Glibc

/// What a worker leaves for its supervisor, in memory that both have: it outlives the worker, however that ends.
struct Page {
    static let inputLimit = 1 << 20

    private enum Word: Int {
        case inputs, longest, startedAt, length
        static let bytes = 32
    }

    private let memory: UnsafeMutableRawPointer

    /// - Parameter path: A file, which is made where there is none.
    init(path: String) {
        let size = Word.bytes + Self.inputLimit
        let file = open(path, O_RDWR | O_CREAT, 0o600)
        guard file >= 0, ftruncate(file, size) == 0,
            let memory = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
        else { fatalError("\(path) cannot be used: \(String(cString: strerror(errno)))") }
        close(file)
        self.memory = memory
    }

    private subscript(word: Word) -> UInt64 {
        get { memory.load(fromByteOffset: word.rawValue * 8, as: UInt64.self) }
        nonmutating set { memory.storeBytes(of: newValue, toByteOffset: word.rawValue * 8, as: UInt64.self) }
    }

    /// How many inputs were read to the end.
    var inputs: UInt64 { self[.inputs] }
    /// The longest time that one took, in nanoseconds.
    var longest: UInt64 { self[.longest] }
    /// How long the input under way has taken so far; nil where there is none.
    var elapsed: UInt64? {
        // Read once: the worker goes on meanwhile.
        let start = self[.startedAt]
        return start == 0 ? nil : Self.now - min(Self.now, start)
    }
    /// The input under way.
    var input: [UInt8] {
        Array(UnsafeRawBufferPointer(start: memory + Word.bytes, count: min(Int(self[.length]), Self.inputLimit)))
    }

    /// Of a new worker.
    func clear() {
        for word in [Word.inputs, .startedAt, .length] { self[word] = 0 }
    }

    func begin(_ input: [UInt8]) {
        input.withUnsafeBytes { (memory + Word.bytes).copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count) }
        self[.length] = UInt64(input.count)
        self[.startedAt] = Self.now
    }

    func end() {
        self[.longest] = max(self[.longest], Self.now - self[.startedAt])
        self[.startedAt] = 0
        self[.inputs] += 1
    }

    /// The same for every process.
    static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
