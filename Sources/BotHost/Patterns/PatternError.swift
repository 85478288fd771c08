/// What is wrong with a pattern, or with matching it.
package enum PatternError: Error, Hashable, Sendable {
    /// The pattern does not compile. `offset` counts its characters (Unicode scalars) up to where PCRE2 noticed.
    case syntax(String, offset: Int)
    /// Matching took too many steps: the pattern has too many ways to fit.
    case tooComplex(pattern: String)
    /// Any other of PCRE2's errors, in its words.
    case failed(String)
}

extension PatternError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let problem, let offset): "the pattern is wrong at offset \(offset): \(problem)"
        case .tooComplex(let pattern):
            "matching the pattern '\(pattern)' was given up after \(Pattern.matchLimit) attempts. "
                + "Write it so that there are fewer ways to fit, for example without a repetition inside a repetition."
        case .failed(let problem): "the pattern cannot be matched: \(problem)"
        }
    }
}
