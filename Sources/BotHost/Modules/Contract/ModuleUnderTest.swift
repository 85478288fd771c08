package import ActionKit

/// A module of any carrier, as the contract suite sees it: what it lists, and what it answers.
package protocol ModuleUnderTest: Sendable {
    /// The entries of `tools/list`, as the module gave them.
    func tools() async throws -> [JSON]

    /// The result of `tools/call`, as the module gave it. Cancelling the task calls the call off.
    ///
    /// - Throws: ``ModuleRefusal`` if the module answered with an error; anything else if it did not answer: it died, hung, or spoke nonsense.
    func call(_ action: String, _ arguments: JSON) async throws -> JSON
}

/// A module's answer that it will not carry out a call, with its words.
package struct ModuleRefusal: Error, Hashable {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
