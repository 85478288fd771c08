import Glibc

/// A file that appears whole or not at all: it is written beside its place, and moved there at the end.
struct DownloadFile: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isPlaced = false

    /// It can be read by its owner alone.
    init(path: String) throws(FileError) {
        let temporaryPath = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError("the download's file cannot be made", errno: errno) }
        self.path = path
        self.temporaryPath = temporaryPath
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if !isPlaced { unlink(temporaryPath) }
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError("the download cannot be written", errno: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Moves the file to its place, over what is there.
    mutating func place() throws(FileError) {
        guard rename(temporaryPath, path) == 0 else { throw FileError("the download cannot be put in its place", errno: errno) }
        isPlaced = true
    }
}
