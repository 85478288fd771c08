/// A reader of what comes from outside, to be fed with any bytes at all.
package struct FuzzTarget: Sendable {
    package let name: String
    /// What it reads.
    package let summary: String
    /// What its inputs are made of, besides the corpus.
    package let tokens: [String]
    /// Reads one input. Returns also where that was refused, as it should be; whatever is wrong ends the process.
    package let read: @Sendable ([UInt8]) -> Void

    init(_ name: String, _ summary: String, tokens: [String] = [], read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.summary = summary
        self.tokens = tokens
        self.read = read
    }

    package static let all = [
        serverFrame, clientFrame, item, operation, webSocket, httpHead, json, moduleAnswer, botFile, template, pattern, chatScript,
        storedRow,
        localService, settings,
    ]

    package static func named(_ name: String) -> FuzzTarget? {
        (all + [faulty]).first { $0.name == name }
    }
}
