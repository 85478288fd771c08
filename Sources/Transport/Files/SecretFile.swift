import Glibc

/// A file with a secret in it. One that others may read is refused, for then it is none.
package enum SecretFile {
    /// Bytes that are read; no secret is as long.
    private static let limit = 64 * 1024

    /// Reads a file, or a pipe such as a shell's `<(command)`, to its end. May block.
    ///
    /// A file of root's that a group may read is taken: so systemd and Kubernetes hand credentials to a service, whose user could not change
    /// that mode anyway.
    /// - Throws: ``FileProblem``, with the command that mends it.
    package static func read(_ path: String) throws(FileProblem) -> String {
        String(decoding: try bytes(of: path), as: UTF8.self)
    }

    /// As ``read(_:)``, for a secret that is no text.
    package static func bytes(of path: String) throws(FileProblem) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw code == ENOENT
                ? FileProblem(path, "there is no such file", code: code) : FileProblem(path, "it cannot be read", errno: code)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileProblem(path, "it cannot be read", errno: errno) }
        if status.st_mode & S_IFMT == S_IFREG, isReadableByOthers(status) {
            throw FileProblem(path, "others may read it (its mode is \(String(status.st_mode & 0o777, radix: 8))); run: chmod 600 \(path)")
        }
        return try bytes(of: descriptor, path)
    }

    private static func isReadableByOthers(_ status: stat) -> Bool {
        let isRootsForGroup = status.st_uid == 0 && (geteuid() != 0 || status.st_gid == 0)
        return status.st_mode & (isRootsForGroup ? 0o037 : 0o077) != 0
    }

    private static func bytes(of descriptor: CInt, _ path: String) throws(FileProblem) -> [UInt8] {
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileProblem(path, "it cannot be read", errno: errno) }
            if count == 0 { return bytes }
            bytes += block.prefix(count)
            guard bytes.count <= limit else { throw FileProblem(path, "it is longer than any secret: more than \(limit) bytes") }
        }
    }
}
