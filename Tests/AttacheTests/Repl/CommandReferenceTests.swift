import Testing

@testable import attache

@Suite("\\help")
struct CommandReferenceTests {
    @Test("Every example is a line that the parser takes", arguments: CommandReference.all.map(\.name))
    func examples(_ name: String) throws {
        let reference = try #require(CommandReference.find(name))
        #expect(reference.example.hasPrefix("\\\(name)"))
        #expect(try CommandParser.parse(reference.example) != nil)
        #expect(CommandReference.help(on: name)?.lines.count == 3)
    }
}
