import FuzzTargets
import Glibc

/// How long and with what is fuzzed.
struct Campaign {
    var seconds = 60.0
    var seed: UInt64 = 1
    var corpus = "Tests/Fuzz/Corpus"
    /// Where the inputs go that something was wrong with.
    var findings = ".build/fuzz"
    /// What a worker that was killed leaves behind is here.
    var temporaryFolder: String { "\(findings)/temporary" }
    /// How long one input may take.
    var secondsPerInput = 10.0
    /// Of the process that reads.
    var megabytes = 1024
}

struct UsageError: Error {
    let problem: String
}

struct Arguments {
    enum Task {
        case list
        case read(FuzzTarget, files: [String])
        case fuzz([FuzzTarget], Campaign)
        /// What the supervisor starts: inputs into the target until the time is over, each noted in the page first.
        case work(FuzzTarget, Campaign, page: String, skipping: UInt64)
    }

    let task: Task

    init(_ arguments: ArraySlice<String>) throws(UsageError) {
        var campaign = Campaign()
        var words: [String] = []
        var page: String?
        var skipped: UInt64 = 0
        var rest = arguments
        while let argument = rest.popFirst() {
            func value<Value: LosslessStringConvertible>() throws(UsageError) -> Value {
                guard let text = rest.popFirst(), let value = Value(text) else { throw UsageError(problem: "\(argument) needs a value") }
                return value
            }
            switch argument {
            case "--list":
                task = .list
                return
            case "--seconds": campaign.seconds = try value()
            case "--seed": campaign.seed = try value()
            case "--corpus": campaign.corpus = try value()
            case "--findings": campaign.findings = try value()
            case "--seconds-per-input": campaign.secondsPerInput = try value()
            case "--megabytes": campaign.megabytes = try value()
            case "--page": page = try value()
            case "--skip": skipped = try value()
            case _ where argument.hasPrefix("-"): throw UsageError(problem: "unknown option \(argument)")
            default: words.append(argument)
            }
        }
        guard campaign.seconds > 0, campaign.secondsPerInput > 0, campaign.megabytes > 0 else {
            throw UsageError(problem: "numbers must be greater than 0")
        }
        task = try Self.task(words, campaign, page, skipped)
    }

    private static func task(_ words: [String], _ campaign: Campaign, _ page: String?, _ skipped: UInt64) throws(UsageError) -> Task {
        var targets: [FuzzTarget] = []
        var files: [String] = []
        for word in words {
            if let target = FuzzTarget.named(word), files.isEmpty { targets.append(target) } else { files.append(word) }
        }
        if let page, targets.count == 1 { return .work(targets[0], campaign, page: page, skipping: skipped) }
        if let file = files.first {
            guard targets.count == 1 else { throw UsageError(problem: "there is no target '\(file)'; --list names them") }
            return .read(targets[0], files: files)
        }
        return .fuzz(targets.isEmpty ? FuzzTarget.all : targets, campaign)
    }
}
