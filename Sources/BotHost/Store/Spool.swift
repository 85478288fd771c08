import Crypto
import Foundation
import Glibc
import Transport

/// Files by their SHA-256. What is in here was written whole and reached the disk.
///
/// Its functions block on the disk, so they are called off the cooperative pool, through ``Store``.
package struct Spool: Sendable {
    let folder: String
    /// Whether what is inserted must survive a crash of the machine.
    private let isDurable: Bool

    init(folder: String, isDurable: Bool) throws {
        self.folder = folder
        self.isDurable = isDurable
        do {
            try PrivateFolder.own(folder)
            for name in try fileNames() {
                if name.hasPrefix(Self.incoming) { unlink("\(folder)/\(name)") } else { try PrivateFile.close("\(folder)/\(name)") }
            }
        } catch let problem as FileProblem {
            throw StoreError(problem, path: folder)
        }
    }

    /// How the names begin of files that are not whole yet.
    private static let incoming = ".incoming-"

    package func path(of sha256: String) -> String { "\(folder)/\(sha256)" }

    /// Copies from a source of blocks, and fsyncs file and folder.
    /// - Returns: Size and SHA-256.
    func insert(_ nextBlock: () throws -> Data?) throws -> (size: Int64, sha256: String) {
        let temporary = "\(folder)/\(Self.incoming)\(UUID().uuidString)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        do {
            var hash = SHA256()
            var size: Int64 = 0
            while let block = try nextBlock() {
                hash.update(data: block)
                size += Int64(block.count)
                try write(block, to: descriptor)
            }
            guard !isDurable || fsync(descriptor) == 0 else { throw failure() }
            let sha256 = hash.finalize().hex
            try place(temporary, as: sha256)
            if isDurable { try syncFolder() }
            return (size, sha256)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private func place(_ temporary: String, as sha256: String) throws {
        if rename(temporary, path(of: sha256)) == 0 { return }
        // What stands there is no file, so nobody needs it.
        guard errno == EISDIR else { throw failure() }
        remove(sha256)
        guard rename(temporary, path(of: sha256)) == 0 else { throw failure() }
    }

    /// Fails as an insertion would.
    func probe() throws {
        var block: Data? = Data(count: 4096)
        let (_, sha256) = try insert {
            defer { block = nil }
            return block
        }
        remove(sha256)
    }

    /// Whether there is such a file, and it can be read. What is in it is looked at when it is sent.
    func contains(_ sha256: String) -> Bool {
        var status = stat()
        return lstat(path(of: sha256), &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path(of: sha256), R_OK) == 0
    }

    /// - Throws: ``StoreError`` where the folder is gone.
    func checkFolder() throws {
        var status = stat()
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw StoreError(
                .gone,
                path: folder,
                problem: "the folder 'spool' was removed; nothing new is accepted until it is back in its place"
            )
        }
    }

    /// The files that are whole, by their SHA-256.
    func files() throws -> Set<String> {
        Set(try fileNames().filter { !$0.hasPrefix(Self.incoming) })
    }

    /// The SHA-256 of what is in a file now.
    func digest(of name: String) throws -> String {
        let reader = try BlockReader(path: path(of: name))
        var hash = SHA256()
        while let block = try reader.next() { hash.update(data: block) }
        return hash.finalize().hex
    }

    /// Removes what is not referenced any more.
    func collect(keeping referenced: Set<String>) throws {
        for sha256 in try files().subtracting(referenced) { remove(sha256) }
    }

    func remove(_ sha256: String) {
        if unlink(path(of: sha256)) != 0, errno == EISDIR { try? FileManager.default.removeItem(atPath: path(of: sha256)) }
    }

    private func fileNames() throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw StoreError(.unusable, path: folder, problem: "the spool cannot be read: \(error.localizedDescription)")
        }
    }

    private func write(_ block: Data, to descriptor: CInt) throws {
        try block.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw failure() }
                written += count
            }
        }
    }

    private func syncFolder() throws {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    private func failure() -> StoreError {
        let number = errno
        return StoreError(errno: number, path: folder, problem: "the file cannot be written: \(String(cString: strerror(number)))")
    }
}
