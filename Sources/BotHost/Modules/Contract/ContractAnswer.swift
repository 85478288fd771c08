import ActionKit

/// What became of a call that the contract suite made.
enum ContractAnswer: Sendable {
    /// The result of `tools/call`.
    case result(JSON)
    /// An error, with its words.
    case refusal(String)
    /// There was none, and why.
    case nothing(String)

    /// What is wrong with it; `nil` for a result, a failure in words and a refusal in words.
    var problem: String? {
        switch self {
        case .nothing(let reason): "no answer: \(reason)"
        case .refusal(let words): Self.problem(ofWords: words)
        case .result(let result): Self.problem(of: result)
        }
    }

    /// What is wrong with it where the call had to be refused.
    var problemUnlessRefused: String? {
        if case .result(let result) = self, result["isError"] != true { return "it was carried out: \(result.serialized().prefix(200))" }
        return problem
    }

    private static func problem(of result: JSON) -> String? {
        if result["resultType"] == "input_required" {
            let isQuestion = result["inputRequests"]?.objectValue?.isEmpty == false
            return isQuestion ? nil : "it asks for input, and 'inputRequests' has no question"
        }
        guard let content = result["content"]?.arrayValue else {
            return "the result has no list 'content': \(result.serialized().prefix(200))"
        }
        guard content.allSatisfy({ $0["type"]?.stringValue != nil }) else { return "an item of 'content' has no 'type'" }
        guard result["isError"] == true else { return nil }
        return problem(ofWords: content.compactMap { $0["text"]?.stringValue }.joined(separator: "\n"))
    }

    private static func problem(ofWords words: String) -> String? {
        if words.allSatisfy(\.isWhitespace) { return "it was refused without a word" }
        return words.contains("Traceback (most recent call last)") ? "the words are a stack trace: \(words.prefix(200))" : nil
    }
}
