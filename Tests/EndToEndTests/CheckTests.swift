import Foundation
import Testing

@Suite("attache check", .timeLimit(.minutes(2)))
struct CheckTests {
    private let workplace: Workplace
    private let right: String
    private let doubtful: String
    private let wrong: String
    private let lacking: String

    init() throws {
        workplace = try Workplace()
        right = try workplace.file("right.yaml", "bot: right\nbehaviours: []\n")
        doubtful = try workplace.file("doubtful.yaml", "bot: doubtful\nbehaviours:\n  - when: joined\n    do: [stop, typing]\n")
        wrong = try workplace.file("wrong.yaml", "bot: wrong\nbehaviours:\n  - when: mesage\n    do: [tpying]\n")
        lacking = try workplace.file("lacking.yaml", "bot: lacking\nmodules:\n  shop: { mcp: [python3, shop.py] }\nbehaviours: []\n")
    }

    private func check(_ arguments: String...) async throws -> (status: Int32, output: String, errors: String) {
        let attache = try ChildProcess(["check"] + arguments)
        let status = try await attache.exit().status
        return (status, attache.output, attache.errors)
    }

    @Test("A right file ends with 0, and so does one with warnings only")
    func accepted() async throws {
        #expect(try await check(right) == (0, "checked \(right): 0 errors, 0 warnings\n", ""))
        let (status, output, errors) = try await check(right, doubtful)
        #expect(status == 0)
        #expect(output == "checked 2 bot files: 0 errors, 1 warning\n")
        #expect(errors.hasPrefix("\(doubtful):4:16: warning: never reached: the run ends in line 4\n"))
    }

    @Test("All problems of all files are said, and the end is 2")
    func refused() async throws {
        let (status, output, errors) = try await check(wrong, lacking, workplace.path + "/missing.yaml")
        #expect(status == 2)
        #expect(output == "checked 3 bot files: 4 errors, 0 warnings\n")
        #expect(errors.contains("\(wrong):3:11: unknown trigger 'mesage'. Did you mean 'message'?\n"))
        #expect(errors.contains("\(wrong):4:10: unknown action 'tpying'. Did you mean 'typing'?\n"))
        #expect(errors.contains("\(lacking):3:3: the module 'shop' is not running: it exited with code 2; it last wrote: "))
        #expect(errors.contains("missing.yaml: there is no such file"))
    }

    @Test("A folder stands for the bot files in it")
    func folder() async throws {
        let (status, output, _) = try await check(workplace.path)
        #expect(status == 2)
        #expect(output == "checked 4 bot files: 3 errors, 1 warning\n")
    }

    @Test("For editors, the problems are one JSON array")
    func json() async throws {
        struct Problem: Decodable, Equatable {
            var file: String
            var line: Int
            var column: Int
            var severity: String
            var message: String
        }
        let (status, output, errors) = try await check("--json", doubtful, wrong)
        #expect(status == 2)
        #expect(errors.isEmpty)
        let problems = try JSONDecoder().decode([Problem].self, from: Data(output.utf8))
        #expect(problems.map(\.line) == [4, 3, 4])
        #expect(problems.map(\.severity) == ["warning", "error", "error"])
        #expect(problems.first?.column == 16)
        #expect(try await check("--json", right).output == "[]\n")
    }

    @Test("The schema is JSON, and stands alone")
    func schema() async throws {
        let (status, output, _) = try await check("--schema")
        #expect(status == 0)
        let schema = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        #expect(schema?["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(try await check("--schema", right).status == 2)
    }
}
