import Glibc

/// Why a file or a folder cannot be used: which, what is wrong, and what to do.
package struct FileProblem: Error, Hashable, CustomStringConvertible {
    package let path: String
    package let problem: String
    /// The system's number for it (errno); 0 where it is not the system that objects.
    package let code: CInt

    package init(_ path: String, _ problem: String, code: CInt = 0) {
        self.path = path
        self.problem = problem
        self.code = code
    }

    init(_ path: String, _ problem: String, errno: CInt) {
        self.init(path, "\(problem): \(String(cString: strerror(errno)))", code: errno)
    }

    package var description: String { "\(path): \(problem)" }
}

extension String {
    /// The folder of a path.
    var folder: String {
        let path = trimmedPath
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Without slashes at its end, unless it is nothing else.
    var trimmedPath: String {
        var path = self
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
