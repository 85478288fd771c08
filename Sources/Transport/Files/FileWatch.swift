import Glibc

/// Notices that files which a process has open were removed, or that others stand in their places.
package struct FileWatch: Sendable {
    private struct Identity: Hashable, Sendable {
        var device: dev_t
        var inode: ino_t

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
        }

        init?(path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            self.init(status)
        }
    }

    private let files: [(path: String, identity: Identity)]

    /// - Parameter paths: Of files beside the database; those that are not there are not watched.
    package init(_ database: DatabaseLock, and paths: [String]) {
        var status = stat()
        fstat(database.descriptor, &status)
        files = [(database.path, Identity(status))] + paths.compactMap { path in Identity(path: path).map { (path, $0) } }
    }

    /// The first file that is not in its place any more.
    package var lost: String? { files.first { Identity(path: $0.path) != $0.identity }?.path }
}
