import ActionKit
import Testing

@testable import BotHost

@Suite("What a module lists")
struct ToolListingTests {
    private static func listing(_ names: String...) throws -> ToolListing {
        var listing = ToolListing()
        let tools = names.map { JSON.object(["name": .string($0), "inputSchema": ["type": "object"]]) }
        try listing.append(["tools": .array(tools)])
        return listing
    }

    @Test("A name that a bot file cannot write is left out, and that is told once", arguments: ["", "a b", "näme", "a\u{202E}b", "a/b"])
    func names(name: String) throws {
        let listing = try Self.listing("ok", name, name)
        #expect(listing.names == ["ok"])
        #expect(listing.oddities == ["2 of its actions have no name that can be called, and are left out"])
    }

    @Test("Of two actions with one name the first counts")
    func repeated() throws {
        let listing = try Self.listing("a", "b", "a")
        #expect(listing.names == ["a", "b"])
        #expect(listing.oddities == ["listed twice, and the first counts: a"])
    }

    @Test("More than 1,000 entries are refused, usable or not")
    func tooMany() throws {
        var listing = ToolListing()
        let page: JSON = ["tools": .array(Array(repeating: .object([:]), count: 600))]
        try listing.append(page)
        #expect(throws: ModuleFailure.broken("it lists more than 1000 actions")) { try listing.append(page) }
    }

    @Test("A page without a list is refused", arguments: [JSON.object([:]), ["tools": 5], .null, "x"])
    func noList(page: JSON) {
        var listing = ToolListing()
        #expect(throws: ModuleFailure.broken("its list of actions has no 'tools'")) { try listing.append(page) }
    }

    @Test("Only what the bot file allows is there, and what it allows in vain is told")
    func allowed() throws {
        let listing = try Self.listing("a", "b").allowing(["b", "c"])
        #expect(listing.names == ["b"])
        #expect(listing.oddities == ["the bot file allows, and the module has not: c"])
    }

    @Test(
        "An interrupted call is made again by what the module says of the action, and by how far the bot file trusts it",
        arguments: [
            (#"{"readOnlyHint":true}"#, [true, true, false]),
            (#"{"idempotentHint":true}"#, [true, true, false]),
            (#"{"idempotentHint":true,"destructiveHint":false}"#, [true, true, false]),
            (#"{"idempotentHint":true,"destructiveHint":true}"#, [false, true, false]),
            // What is read-only destroys nothing, whatever else is said of it.
            (#"{"readOnlyHint":true,"destructiveHint":true}"#, [true, true, false]),
            (#"{"destructiveHint":false}"#, [false, false, false]),
            (#"{"readOnlyHint":null,"idempotentHint":"yes","destructiveHint":null}"#, [false, false, false]),
            ("null", [false, false, false]),
        ]
    )
    func repeatable(annotations: String, isRepeatable: [Bool]) throws {
        let tool = try #require(Tool(["name": "a", "annotations": JSON(parsing: annotations)]))
        let trusts: [ModuleOptions.Trust] = [.unsaid, .full, .denied]
        #expect(trusts.map { tool.isRepeatable(with: $0) } == isRepeatable)
    }

    @Test("The digest is of names and schemas, in whatever order; another schema is another digest")
    func digest() throws {
        #expect(try Self.listing("a", "b").digest == Self.listing("b", "a").digest)
        var other = ToolListing()
        try other.append(["tools": [["name": "a", "inputSchema": ["type": "object", "title": "x"]], ["name": "b"]]])
        #expect(try Self.listing("a", "b").digest != other.digest)
        #expect(try Self.listing("a").digest.hasPrefix("sha256:"))
    }
}
