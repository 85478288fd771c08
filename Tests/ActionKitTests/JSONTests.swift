import ActionKit
import FoundationEssentials
import Testing

@Suite("JSON values")
struct JSONTests {
    @Test("Serialized text is compact, sorted by key, and escapes what JSON says")
    func serialized() {
        let value: JSON = ["b": [1, 2.5, .null, true], "a": "\"\\/\n\r\t\u{8}\0\u{1F}\u{7F}é😀", "": [:], "ä": []]
        #expect(value.serialized() == #"{"":{},"a":"\"\\/\n\r\t\u0008\u0000\u001f"# + "\u{7F}é😀" + #"","b":[1,2.5,null,true],"ä":[]}"#)
        #expect(value.description == value.serialized())
    }

    @Test("Pretty text has a line for each member")
    func pretty() {
        let value: JSON = ["list": [1, ["x": "y"]], "empty": [], "none": [:]]
        #expect(
            value.serialized(pretty: true) == """
                {
                  "empty": [],
                  "list": [
                    1,
                    {
                      "x": "y"
                    }
                  ],
                  "none": {}
                }
                """
        )
    }

    @Test("Members and elements are found, set and taken away")
    func access() {
        var value: JSON = ["a": [1, ["b": "c"]], "n": .null]
        #expect(value["a"]?[1]?["b"]?.stringValue == "c")
        #expect(value["a"]?[0]?.intValue == 1)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["x"] == nil)
        #expect(value["n"]?.isNull == true)
        #expect(value[0] == nil)
        value["x"] = true
        value["a"] = nil
        #expect(value == ["n": .null, "x": true])
        var list: JSON = [1]
        list["x"] = 2
        #expect(list == [1])
    }

    @Test("What was serialized is read back as the same value", arguments: 0..<200 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = JSON.random(depth: 5, using: &random)
        #expect(try JSON(parsing: value.serialized()) == value)
        #expect(try JSON(parsing: value.serialized(pretty: true)) == value)
        #expect(try JSON(parsing: value.serialized()).serialized() == value.serialized())
    }

    @Test("A value inside another Codable one keeps the text of its numbers")
    func codable() throws {
        struct Stored: Codable, Equatable {
            var value: JSON
            var price: JSONNumber
        }
        let value = try JSON(parsing: #"{"price":19.90,"list":[null,true,"x",1e400]}"#)
        let stored = Stored(value: value, price: try #require(JSONNumber(exactly: "19.90")))
        let data = try JSONEncoder().encode(stored)
        #expect(try JSONDecoder().decode(Stored.self, from: data) == stored)
        for text in [#"{"value":"[1,","price":"1"}"#, #"{"value":"1","price":"01"}"#, #"{"value":[1],"price":"1"}"#] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Stored.self, from: Data(text.utf8)) }
        }
    }
}

extension JSON {
    fileprivate static func random(depth: Int, using random: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &random) {
        case 0: return .null
        case 1: return .bool(.random(using: &random))
        case 2: return .number(JSONNumber(.random(in: .min ... .max, using: &random)))
        case 3: return JSONNumber(Double(bitPattern: random.next())).map(JSON.number) ?? .null
        case 4: return .string(randomText(using: &random))
        case 5: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in .random(depth: depth - 1, using: &random) })
        default:
            return (0..<Int.random(in: 0...4, using: &random)).reduce(into: [:]) { object, _ in
                object[randomText(using: &random)] = .random(depth: depth - 1, using: &random)
            }
        }
    }

    /// Scalars of every length in UTF-8, with those that need escapes among them.
    private static func randomText(using random: inout SeededGenerator) -> String {
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x20...0x7E, 0x80...0x7FF, 0x800...0xD7FF, 0xE000...0xFFFF, 0x10000...0x10FFFF]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            guard let range = ranges.randomElement(using: &random) else { continue }
            Unicode.Scalar(UInt32.random(in: range, using: &random)).map { text.append($0) }
        }
        return String(text)
    }
}

/// SplitMix64: the same values for the same seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
