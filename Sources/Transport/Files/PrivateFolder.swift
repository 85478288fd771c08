import Glibc

/// Folders that are their owner's alone.
package enum PrivateFolder {
    /// Sees to it that there is a folder whose files nobody else can replace. It, and what is missing above it, is made with mode 0700; one that
    /// was there keeps the mode that somebody gave it.
    /// - Returns: What others may do there, and how that ends; nil where they may do nothing.
    /// - Throws: ``FileProblem``, also where anybody may replace what is in it.
    package static func prepare(_ path: String) throws(FileProblem) -> String? {
        let status = try make(path)
        let mode = status.st_mode & 0o7777
        let octal = String(mode, radix: 8)
        // The sticky bit keeps others from files that are not theirs.
        if mode & 0o002 != 0, mode & 0o1000 == 0 {
            throw FileProblem(
                path,
                "anybody may replace what is in it (its mode is \(octal)); run: chmod 700 \(path), or name a folder in it"
            )
        }
        if status.st_uid != geteuid(), status.st_uid != 0 { return "\(path) belongs to another user, who may replace what is in it" }
        guard mode & 0o077 != 0 else { return nil }
        return "others may enter \(path) (its mode is \(octal)), though not read the files in it; to close it, run: chmod 700 \(path)"
    }

    /// A folder within one of ours: made with mode 0700, and given that mode where it was there with another.
    package static func own(_ path: String) throws(FileProblem) {
        guard try make(path).st_mode & 0o077 != 0 else { return }
        guard chmod(path, 0o700) == 0 else { throw FileProblem(path, "it cannot be closed to others", errno: errno) }
    }

    private static func make(_ path: String) throws(FileProblem) -> stat {
        try makeMissing(path.trimmedPath)
        var status = stat()
        guard stat(path, &status) == 0 else { throw FileProblem(path, "the folder cannot be used", errno: errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw FileProblem(path, "it is not a folder") }
        return status
    }

    private static func makeMissing(_ path: String) throws(FileProblem) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path.folder != path else { throw FileProblem(path, "the folder cannot be made", errno: errno) }
        try makeMissing(path.folder)
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw FileProblem(path, "the folder cannot be made", errno: errno) }
    }
}
