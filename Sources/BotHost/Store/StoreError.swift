import GRDB
import Glibc
import Transport

/// The store cannot be used, or not any more. New work stops; nothing that was not stored is acknowledged.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package var code: Code
    package var path: String
    package var problem: String

    package enum Code: Sendable {
        /// There is none.
        case missing
        /// Another host has it.
        case inUse
        /// A newer program made it.
        case newerSchema
        case diskFull
        /// It, or its folder, may not be written to.
        case readOnly
        /// Another program holds its database locked.
        case locked
        case corrupt
        /// What it has of one session cannot be read. All others are well.
        case damagedSession
        /// The key is not the one that its tokens were encrypted with.
        case wrongKey
        /// Its files were removed, or others stand in their places, while it was in use.
        case gone
        case unusable
    }

    init(_ code: Code, path: String, problem: String) {
        self.code = code
        self.path = path
        self.problem = problem
    }

    /// - Parameter errno: Of the system call that failed; 0 where it was none.
    init(errno: CInt, path: String, problem: String) {
        switch errno {
        case ENOSPC, EDQUOT:
            self.init(.diskFull, path: path, problem: "the disk is full; nothing new is accepted until there is room")
        case EROFS, EACCES, EPERM:
            self.init(.readOnly, path: path, problem: problem)
        default:
            self.init(.unusable, path: path, problem: problem)
        }
    }

    init(_ problem: FileProblem, path: String) {
        self.init(errno: problem.code, path: path, problem: problem.path == path ? problem.problem : "\(problem)")
    }

    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.diskFull, path: path, problem: "the disk is full; nothing new is accepted until there is room")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.corrupt, path: path, problem: "the database is damaged (\(error.message ?? "no details")); restore it from a backup")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(.readOnly, path: path, problem: "it may not be written to; check the owner and the mode of the folder and its files")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(.locked, path: path, problem: "another program holds the database locked; nothing new is accepted until it lets go")
        case .SQLITE_IOERR:
            let reason = "the disk does not take what is written (\(error.message ?? "no details")); is it full, or broken?"
            self.init(.unusable, path: path, problem: reason)
        default:
            self.init(.unusable, path: path, problem: "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
    }

    package var description: String {
        code == .damagedSession ? problem : "the store at \(path) cannot be used: \(problem)"
    }

    static func damaged(_ session: SessionID, _ what: String, because error: any Error, path: String) -> StoreError {
        let problem =
            "\(what) of the session \(session) cannot be read (\(error.reasonOfReading)); to give it up: attache sessions forget \(session)"
        return StoreError(.damagedSession, path: path, problem: problem)
    }
}

extension Error {
    /// Why something stored could not be read, without the decoder's own words around it.
    fileprivate var reasonOfReading: String {
        switch self as? DecodingError {
        case .dataCorrupted(let context): context.debugDescription
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): context.debugDescription
        default: "\(self)"
        }
    }
}
