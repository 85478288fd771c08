import FuzzTargets
import Glibc

#if LIBFUZZER
// Built by script/fuzz --coverage: libFuzzer has the `main`, and the target is named in the environment.
private let target = getenv("FUZZ_TARGET").flatMap { FuzzTarget.named(String(cString: $0)) }

@_cdecl("LLVMFuzzerTestOneInput")
public func readOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else { fatalError("FUZZ_TARGET names no target") }
    target.read(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
#else
@main
enum Fuzz {
    static func main() {
        do throws(UsageError) {
            switch try Arguments(CommandLine.arguments.dropFirst()).task {
            case .list: for target in FuzzTarget.all { print(target.name.padded(to: 14), target.summary) }
            case .read(let target, let files): read(files, by: target)
            case .work(let target, let campaign, let page, let skipped): Worker(target, campaign, page).work(skipping: skipped)
            case .fuzz(let targets, let campaign): exit(fuzz(targets, campaign) ? 0 : 1)
            }
        } catch {
            fail(error.problem)
        }
    }

    private static func read(_ files: [String], by target: FuzzTarget) {
        for file in files {
            guard let bytes = File.read(file) else { fail("\(file) cannot be read") }
            print("\(target.name) reads \(file), \(bytes.count) bytes")
            fflush(nil)
            target.read(bytes)
        }
    }

    private static func fail(_ problem: String) -> Never {
        let text = Array("fuzz: \(problem)\n".utf8)
        write(2, text, text.count)
        exit(2)
    }

    /// - Returns: Whether nothing was found.
    private static func fuzz(_ targets: [FuzzTarget], _ campaign: Campaign) -> Bool {
        var share = campaign
        share.seconds = campaign.seconds / Double(targets.count)
        var total = (inputs: UInt64(0), findings: 0)
        for target in targets {
            let report = Supervisor(target, share).run()
            print(report)
            fflush(nil)
            total.inputs += report.inputs
            total.findings += report.findings.count
        }
        let outcome = total.findings == 0 ? "nothing found" : "\(total.findings) findings"
        print("fuzz: \(targets.count) targets, \(total.inputs) inputs in \(Int(campaign.seconds)) s with seed \(campaign.seed): \(outcome)")
        return total.findings == 0
    }
}
#endif
