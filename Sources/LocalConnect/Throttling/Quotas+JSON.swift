import ConnectWire
import FoundationEssentials

extension Quotas {
    /// `{"SendMessage": {"rate": 20, "burst": 30}, "GetTranscript": null}`: null lifts a quota, what is not named stays as documented.
    package init(json: [UInt8]) throws {
        struct Entry: Decodable {
            var rate: Double
            var burst: Int
        }
        let entries: [String: Entry?]
        do {
            try JSONSyntax.check(json)
            entries = try WireJSON.decode([String: Entry?].self, from: json)
        } catch {
            throw QuotasError(description: #"quotas are JSON like {"SendMessage": {"rate": 20, "burst": 30}, "GetTranscript": null}"#)
        }
        var quotas: [QuotaName: Quota?] = [:]
        for (name, entry) in entries {
            guard let quota = QuotaName(named: name) else {
                let known = QuotaName.all.map(\.rawValue).joined(separator: ", ")
                throw QuotasError(description: "there is no API '\(name)'; the quotas are: \(known)")
            }
            if let entry {
                guard entry.rate > 0, entry.burst >= 1 else {
                    throw QuotasError(description: "\(name): the rate must be greater than 0, the burst at least 1")
                }
                quotas.updateValue(Quota(rate: entry.rate, burst: entry.burst), forKey: quota)
            } else {
                quotas.updateValue(nil, forKey: quota)
            }
        }
        self = .custom(quotas)
    }
}

/// What is wrong with the quotas that were given.
package struct QuotasError: Error, CustomStringConvertible {
    package let description: String
}
