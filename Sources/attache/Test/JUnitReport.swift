import Foundation

/// The outcomes in the format that CI systems read.
struct JUnitReport {
    let outcomes: [ScriptOutcome]

    func write(to path: String) throws {
        do {
            try Data(xml.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure(.failed, "\(path): the report cannot be written: \(error.localizedDescription)")
        }
    }

    var xml: String {
        let failures = outcomes.count { $0.problem != nil }
        let total = outcomes.reduce(Duration.zero) { $0 + $1.duration }
        var lines = [
            #"<?xml version="1.0" encoding="UTF-8"?>"#,
            #"<testsuite name="attache test" tests="\#(outcomes.count)" failures="\#(failures)" time="\#(Self.seconds(total))">"#,
        ]
        for outcome in outcomes {
            let head = #"  <testcase classname="chat" name="\#(Self.escaped(outcome.path))" time="\#(Self.seconds(outcome.duration))""#
            guard let problem = outcome.problem else {
                lines.append(head + "/>")
                continue
            }
            let summary = problem.split(separator: "\n").first.map(String.init) ?? ""
            lines.append(head + ">")
            lines.append(#"    <failure message="\#(Self.escaped(summary))">\#(Self.escaped(problem))</failure>"#)
            lines.append("  </testcase>")
        }
        lines.append("</testsuite>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func seconds(_ duration: Duration) -> String {
        (duration / .seconds(1)).formatted(.number.precision(.fractionLength(3)).grouping(.never).locale(Locale(identifier: "en_US_POSIX")))
    }

    /// XML 1.0 has no way to write most control characters, so they become the replacement character.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\n": "&#10;"
            case "\t": "&#9;"
            case _ where scalar.properties.generalCategory == .control: "\u{FFFD}"
            default: String(scalar)
            }
        }.joined()
    }
}
