/// Where in a bot file something stands.
package struct Place: Hashable, Codable, Sendable {
    package let file: String
    /// From 1.
    package let line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }
}

extension Place: CustomStringConvertible {
    package var description: String { "\(file):\(line)" }
}
