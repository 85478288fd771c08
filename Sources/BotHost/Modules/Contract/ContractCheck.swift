/// One promise of the contract, and whether a module keeps it.
package struct ContractCheck: Sendable, Hashable {
    package enum Verdict: String, Sendable, Hashable {
        case passed
        /// Allowed, but it makes the module harder to use.
        case warned
        case failed
        /// Nothing of the module could be checked for this.
        case skipped
    }

    /// A sentence.
    package let name: String
    package let verdict: Verdict
    /// What is wrong, a line each, or why nothing was checked.
    package let details: [String]

    init(_ name: String, _ verdict: Verdict, _ details: [String] = []) {
        self.name = name
        self.verdict = verdict
        self.details = details
    }

    /// Passed if there are no problems.
    init(_ name: String, problems: [String], else verdict: Verdict = .failed) {
        self.init(name, problems.isEmpty ? .passed : verdict, problems)
    }
}
