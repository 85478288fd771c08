import ConnectWire
import FoundationEssentials

extension Quotas {
    /// `{"SendMessage": {"rate": 20, "burst": 30}, "GetTranscript": null}`: null lifts a quota, what is not named stays as documented.
    package init(json: [UInt8]) throws {
        let entries: [String: Entry?]
        do {
            try JSONSyntax.check(json)
            entries = try WireJSON.decode([String: Entry?].self, from: json)
        } catch let error as UnknownMember {
            throw QuotasError(description: "\(error)")
        } catch {
            throw QuotasError(
                description:
                    #"quotas are JSON like {"SendMessage": {"rate": 20, "burst": 30}, "GetTranscript": null}; bursts are whole numbers"#
            )
        }
        var quotas: [QuotaName: Quota?] = [:]
        for (name, entry) in entries {
            guard let quota = QuotaName(named: name) else {
                let known = QuotaName.all.map(\.rawValue).joined(separator: ", ")
                let hint = Spelling.hint(for: name, among: QuotaName.all.map(\.rawValue) + Operation.allCases.map(\.rawValue))
                throw QuotasError(description: "there is no API '\(name)'\(hint) The quotas are: \(known)")
            }
            if let entry {
                // At a rate near zero a caller would wait for longer than a `Duration` can hold.
                guard (0.001...1_000_000).contains(entry.rate), (1...1_000_000).contains(entry.burst) else {
                    throw QuotasError(
                        description: "\(name): the rate must be 0.001 to 1000000 calls a second, the burst 1 to 1000000 calls"
                    )
                }
                quotas.updateValue(Quota(rate: entry.rate, burst: entry.burst), forKey: quota)
            } else {
                quotas.updateValue(nil, forKey: quota)
            }
        }
        self = .custom(quotas)
    }
}

private struct Entry: Decodable {
    var rate: Double
    var burst: Int

    private enum CodingKeys: CodingKey, CaseIterable {
        case rate
        case burst
    }

    init(from decoder: any Decoder) throws {
        try decoder.refuseMembers(besides: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rate = try container.decode(Double.self, forKey: .rate)
        burst = try container.decode(Int.self, forKey: .burst)
    }
}

/// What is wrong with the quotas that were given.
package struct QuotasError: Error, CustomStringConvertible {
    package let description: String
}
