import ArgumentParser
import ConnectWire
import Foundation

/// How fast calls may be made.
struct QuotaChoice: ExpressibleByArgument {
    let quotas: [QuotaGroup: Quota]

    static let documented = Self(
        quotas: Dictionary(uniqueKeysWithValues: QuotaGroup.allCases.map { ($0, $0.documented) })
    )

    private init(quotas: [QuotaGroup: Quota]) {
        self.quotas = quotas
    }

    init?(argument: String) {
        switch argument {
        case "documented": self = .documented
        case "off": self.init(quotas: [:])
        default: self.init(file: argument)
        }
    }

    /// `{"SendMessage": {"rate": 20, "burst": 30}, "GetTranscript": null}`: what is not named stays as documented, null is not paced.
    private init?(file path: String) {
        struct Entry: Decodable {
            var rate: Double
            var burst: Int
        }
        guard let data = FileManager.default.contents(atPath: path),
            let entries = try? JSONDecoder().decode([String: Entry?].self, from: data)
        else { return nil }
        var quotas = Self.documented.quotas
        for (name, entry) in entries {
            guard let group = QuotaGroup(rawValue: name) ?? Operation(rawValue: name)?.quotaGroup else { return nil }
            if let entry, entry.rate <= 0 || entry.burst < 1 { return nil }
            quotas[group] = entry.map { Quota(rate: $0.rate, burst: $0.burst) }
        }
        self.init(quotas: quotas)
    }
}
