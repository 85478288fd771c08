import ActionKit
import ArgumentParser
import ConnectWire
import Foundation
import LocalConnect

/// How often each API may be called: what the local service allows, and the pace that the client keeps.
struct QuotaChoice: Sendable {
    let quotas: Quotas
    let text: String

    static let documented = Self(quotas: .documented, text: "documented")
    static let off = Self(quotas: .off, text: "off")

    private init(quotas: Quotas, text: String) {
        self.quotas = quotas
        self.text = text
    }

    /// `documented`, `off`, or a JSON file: `{"SendMessage": {"rate": 20, "burst": 30}, "GetTranscript": null}`. What it does not name stays as
    /// documented; null has no quota.
    init(_ argument: String) throws {
        switch argument {
        case "documented": self = .documented
        case "off": self = .off
        default:
            guard let data = FileManager.default.contents(atPath: argument) else {
                let meant = nearest(to: argument, in: ["documented", "off"]).map { "; did you mean '\($0)'?" } ?? ""
                throw ValidationError("it is neither 'documented' nor 'off', and there is no such file\(meant)")
            }
            do {
                self.init(quotas: try Quotas(json: Array(data)), text: argument)
            } catch let error as QuotasError {
                throw ValidationError("\(error)")
            }
        }
    }

    /// For a client; groups that are missing are not paced.
    var pace: [QuotaGroup: Quota] {
        var pace: [QuotaGroup: Quota] = [:]
        for group in QuotaGroup.allCases { pace[group] = quotas.quota(for: QuotaName(group)) }
        return pace
    }
}
