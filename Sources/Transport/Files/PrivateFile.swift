import Glibc

/// Files that are their owner's alone, whatever the umask, and that are never written by way of a link.
package enum PrivateFile {
    /// Makes a file where there is none.
    package static func create(_ path: String, _ bytes: [UInt8]) throws(FileProblem) {
        try write(bytes, to: path, O_CREAT | O_EXCL)
    }

    /// Puts a file in the place of what is there, whole or not at all. A device or a pipe is written to.
    package static func replace(_ path: String, with bytes: [UInt8]) throws(FileProblem) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return try put(bytes, at: path) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: try put(bytes, at: path)
        case S_IFLNK: throw FileProblem(path, "it is a link; name the file that it leads to")
        case S_IFDIR: throw FileProblem(path, "it is a folder")
        default: try write(bytes, to: path, 0)
        }
    }

    /// Adds to the end of a file.
    /// - Parameter makesOne: Whether to make the file where there is none.
    package static func append(_ bytes: [UInt8], to path: String, makesOne: Bool) throws(FileProblem) {
        try write(bytes, to: path, O_APPEND | (makesOne ? O_CREAT : 0))
    }

    /// Takes a file from everybody but its owner; what is none, or not there, stays as it is.
    package static func close(_ path: String) throws(FileProblem) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 != 0 else { return }
        guard chmod(path, status.st_mode & 0o700) == 0 else { throw FileProblem(path, "it cannot be closed to others", errno: errno) }
    }

    private static func put(_ bytes: [UInt8], at path: String) throws(FileProblem) {
        let draft = "\(path.folder)/.attache-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        try create(draft, bytes)
        guard rename(draft, path) == 0 else {
            let problem = FileProblem(path, "it cannot be written", errno: errno)
            unlink(draft)
            throw problem
        }
    }

    private static func write(_ bytes: [UInt8], to path: String, _ flags: CInt) throws(FileProblem) {
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | flags, 0o600)
        guard descriptor >= 0 else {
            throw errno == ELOOP
                ? FileProblem(path, "it is a link; name the file that it leads to")
                : FileProblem(path, "it cannot be written", errno: errno)
        }
        defer { Glibc.close(descriptor) }
        do throws(FileProblem) {
            try write(bytes, to: descriptor, path)
        } catch {
            // What was made for these bytes alone is not left without them.
            if flags & O_EXCL != 0 { unlink(path) }
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt, _ path: String) throws(FileProblem) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileProblem(path, "it cannot be written", errno: errno) }
            written += count
        }
    }
}
