import Transport

extension SecretFile {
    /// Reads what an option names.
    /// - Parameter option: Named in the error, where the path alone does not tell what the file is for.
    /// - Throws: ``CommandFailure`` with the remedy.
    static func read(_ path: String, for option: String) throws -> String {
        do throws(FileProblem) {
            return try read(path)
        } catch {
            throw CommandFailure(.usage, "\(error) (\(option))")
        }
    }
}
