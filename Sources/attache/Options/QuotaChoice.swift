import ArgumentParser
import ConnectWire
import Foundation
import LocalConnect

/// How often each API may be called: what the local service allows, and the pace that the client keeps.
struct QuotaChoice: ExpressibleByArgument {
    let quotas: Quotas
    let text: String

    static let documented = Self(quotas: .documented, text: "documented")
    static let off = Self(quotas: .off, text: "off")

    var defaultValueDescription: String { text }

    private init(quotas: Quotas, text: String) {
        self.quotas = quotas
        self.text = text
    }

    /// `documented`, `off`, or a JSON file: `{"SendMessage": {"rate": 20, "burst": 30}, "GetTranscript": null}`. What it does not name stays as
    /// documented; null has no quota.
    init?(argument: String) {
        switch argument {
        case "documented": self = .documented
        case "off": self = .off
        default:
            guard let data = FileManager.default.contents(atPath: argument), let quotas = try? Quotas(json: Array(data)) else { return nil }
            self.init(quotas: quotas, text: argument)
        }
    }

    /// For a client; groups that are missing are not paced.
    var pace: [QuotaGroup: Quota] {
        var pace: [QuotaGroup: Quota] = [:]
        for group in QuotaGroup.allCases { pace[group] = quotas.quota(for: QuotaName(group)) }
        return pace
    }
}
