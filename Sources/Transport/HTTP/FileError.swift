import Glibc

/// A file of a request, or of its answer, that cannot be used. It names no path: that is the caller's to know.
struct FileError: Error, Hashable {
    let detail: String

    init(_ detail: String) {
        self.detail = detail
    }

    init(_ detail: String, errno: Int32) {
        self.detail = "\(detail): \(String(cString: strerror(errno)))"
    }
}
