import Testing

@testable import attache

@Suite("Completion")
struct CompletionTests {
    private static let source = CompletionSource(
        sessions: ["Ada", "Adele", "Grace"],
        bots: ["echo", "receipts"],
        actions: ["documents.table": ["columns", "rows"], "documents.receipt": ["currency"]],
        attachments: ["receipt-1001.txt"]
    )

    @Test(
        "A word is completed to what all candidates share, or to a whole one",
        arguments: [
            ("hello", "", []),
            ("\\sta", "rt ", []),
            ("\\se", "", ["\\sessions", "\\set"]),
            ("\\start r", "eceipts ", []),
            ("\\start echo --a", "", ["--as", "--attributes"]),
            ("\\use Ad", "", ["Ada", "Adele"]),
            ("\\use G", "race ", []),
            ("\\use Grace --role ", "", ["agent", "supervisor"]),
            ("\\do documents.t", "able ", []),
            ("\\do documents.table {\"c", "olumns\": ", []),
            ("\\do documents.table {\"columns\": [], \"r", "ows\": ", []),
            ("\\save r", "eceipt-1001.txt ", []),
            ("\\raw GetT", "ranscript ", []),
            ("\\set ti", "m", []),
            ("\\set tim", "", ["times", "timing"]),
            ("\\set watch c", "urrent ", []),
            ("\\expect fi", "le ", []),
            ("\\help wa", "", ["wait", "watch"]),
            ("\\nonsense x", "", []),
        ]
    )
    func completing(_ line: String, _ insertion: String, _ candidates: [String]) {
        let completion = Self.source.complete(line)
        #expect(completion.insertion == insertion)
        #expect(completion.candidates == candidates)
    }

    @Test(
        "A word with a blank in it is put into quotation marks",
        arguments: [
            ("\\save sc", 2, "\"scan 7.pdf\" "),
            ("\\save \"sc", 0, "an 7.pdf\" "),
            ("\\save \"scan 7", 0, ".pdf\" "),
            ("\\retry my", 2, "\"my \\\"own\\\" file "),
            ("\\save r", 0, "eceipt-1001.txt "),
        ]
    )
    func quoting(_ line: String, _ replaced: Int, _ insertion: String) {
        let source = CompletionSource(
            attachments: ["receipt-1001.txt", "scan 7.pdf"],
            sentFiles: ["my \"own\" file 1", "my \"own\" file 2"]
        )
        let completion = source.complete(line)
        #expect(completion.replaced == replaced)
        #expect(completion.insertion == insertion)
    }

    @Test("Files are completed, and folders go on")
    func files() {
        #expect(Self.source.complete("\\attach /et").insertion == "c/")
        #expect(
            Self.source.complete("\\source /etc/host").candidates.contains("/etc/hosts")
                || !Self.source.complete("\\source /etc/hosts").insertion.isEmpty
        )
    }
}
