import ConnectWire
import FoundationEssentials
import Testing

@Suite("Timestamps")
struct TimestampTests {
    static let instants: [(text: String, milliseconds: Int64)] = [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1970-01-01T00:00:00.001Z", 1),
        ("1969-12-31T23:59:59.999Z", -1),
        ("0000-01-01T00:00:00.000Z", -62_167_219_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("2000-02-29T12:00:00.000Z", 951_825_600_000),
        ("2024-02-29T23:59:59.500Z", 1_709_251_199_500),
        ("2024-03-01T00:00:00.000Z", 1_709_251_200_000),
        ("1900-03-01T00:00:00.000Z", -2_203_891_200_000),
        ("2024-07-14T22:18:39.241Z", 1_720_995_519_241),
        ("2038-01-19T03:14:08.000Z", 2_147_483_648_000),
    ]

    @Test("An instant is written and read as the service writes it", arguments: instants)
    func readsAndWrites(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.millisecondsSince1970 == milliseconds)
        #expect(Timestamp(millisecondsSince1970: milliseconds).description == text)
    }

    @Test("Every day of the calendar's 400 year cycle follows the day before it")
    func daysAreConsecutive() throws {
        let day: Int64 = 86_400_000
        let first = try #require(Timestamp("1600-01-01T00:00:00.000Z")).millisecondsSince1970
        for number in 0..<Int64(146_097 + 366) {
            let timestamp = Timestamp(millisecondsSince1970: first + number * day)
            #expect(Timestamp(timestamp.description) == timestamp)
        }
        #expect(Timestamp(millisecondsSince1970: first + 146_097 * day).description == "2000-01-01T00:00:00.000Z")
    }

    @Test("Instants all over the range survive being written and read")
    func roundTripsOverTheRange() {
        // A step that is no multiple of anything, so that every field takes many values.
        for milliseconds in stride(from: -62_167_219_200_000 as Int64, through: 253_402_300_799_999, by: 7_919_345_678_9) {
            let timestamp = Timestamp(millisecondsSince1970: milliseconds)
            #expect(timestamp.millisecondsSince1970 == milliseconds)
            #expect(Timestamp(timestamp.description) == timestamp)
            #expect(timestamp.description.utf8.count == 24)
            #expect(Timestamp(timestamp.date) == timestamp)
        }
    }

    @Test(
        "A fraction may have up to nine digits or be missing; what is beyond milliseconds is cut off",
        arguments: [
            ("2023-08-03T08:15:46Z", "2023-08-03T08:15:46.000Z"),
            ("2023-08-03T08:15:46.5Z", "2023-08-03T08:15:46.500Z"),
            ("2023-08-03T08:15:46.05Z", "2023-08-03T08:15:46.050Z"),
            ("2023-08-03T08:15:46.005Z", "2023-08-03T08:15:46.005Z"),
            ("2023-08-03T08:15:46.0059Z", "2023-08-03T08:15:46.005Z"),
            ("2023-08-03T08:15:46.12345Z", "2023-08-03T08:15:46.123Z"),
            ("2023-08-03T08:15:46.123456Z", "2023-08-03T08:15:46.123Z"),
            ("2023-08-03T08:15:46.1234567Z", "2023-08-03T08:15:46.123Z"),
            ("2023-08-03T08:15:46.12345678Z", "2023-08-03T08:15:46.123Z"),
            ("2023-08-03T08:15:46.999999999Z", "2023-08-03T08:15:46.999Z"),
        ]
    )
    func readsFractions(text: String, written: String) {
        #expect(Timestamp(text)?.description == written)
    }

    @Test(
        "Anything else is no timestamp",
        arguments: [
            "", "Z", "now", "0", "1720995519241",
            "2024-07-14", "2024-07-14T22:18:39", "2024-07-14T22:18Z", "2024-07-14 22:18:39Z",
            "2024-07-14T22:18:39.Z", "2024-07-14T22:18:39.1234567890Z", "2024-07-14T22:18:39,241Z",
            "2024-07-14T22:18:39.241z", "2024-07-14t22:18:39.241Z", "2024-07-14T22:18:39.241+00:00",
            "2024-07-14T22:18:39.241ZZ", "2024-07-14T22:18:39.241Z ", " 2024-07-14T22:18:39.241Z", "2024-07-14T22:18:39.241Z\0",
            "24-07-14T22:18:39.241Z", "12024-07-14T22:18:39.241Z", "-024-07-14T22:18:39.241Z", "+024-07-14T22:18:39.241Z",
            "2024-00-14T22:18:39.241Z", "2024-13-14T22:18:39.241Z", "2024-07-00T22:18:39.241Z", "2024-07-32T22:18:39.241Z",
            "2023-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z", "2024-02-30T00:00:00.000Z", "2024-04-31T00:00:00.000Z",
            "2024-07-14T24:00:00.000Z", "2024-07-14T22:60:00.000Z", "2024-07-14T22:18:60.000Z",
            "2024-7-14T22:18:39.241Z", "２０２４-07-14T22:18:39.241Z", "2024-07-14T22:18:39.２Z",
        ]
    )
    func refuses(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        "A date out of the range becomes its nearest end",
        arguments: [
            (Double.infinity, "9999-12-31T23:59:59.999Z"), (-Double.infinity, "0000-01-01T00:00:00.000Z"),
            (1e300, "9999-12-31T23:59:59.999Z"), (-1e300, "0000-01-01T00:00:00.000Z"),
            (253_402_300_800, "9999-12-31T23:59:59.999Z"), (-62_167_219_200.001, "0000-01-01T00:00:00.000Z"),
        ]
    )
    func clampsDates(seconds: Double, text: String) {
        #expect(Timestamp(Date(timeIntervalSince1970: seconds)).description == text)
    }

    @Test("Milliseconds out of the range become its nearest end", arguments: [(Int64.min, "0000"), (.max, "9999")])
    func clampsMilliseconds(milliseconds: Int64, year: String) {
        #expect(Timestamp(millisecondsSince1970: milliseconds).description.hasPrefix(year))
    }

    @Test("Later is greater")
    func comparable() throws {
        let earlier = try #require(Timestamp("2024-07-14T22:18:39.240Z"))
        let later = try #require(Timestamp("2024-07-14T22:18:39.241Z"))
        #expect(earlier < later)
        #expect(!(later < earlier))
    }

    @Test("In JSON it is a text")
    func codable() throws {
        let timestamp = try #require(Timestamp("2024-07-14T22:18:39.241Z"))
        #expect(try json([timestamp]) == #"["2024-07-14T22:18:39.241Z"]"#)
        #expect(try decode([Timestamp].self, #"["2024-07-14T22:18:39.241Z"]"#) == [timestamp])
    }

    @Test("Other JSON is refused", arguments: ["[1720995519241]", "[null]", "[\"\"]", "[\"yesterday\"]", "[{}]"])
    func refusesOtherJSON(text: String) {
        #expect(throws: DecodingError.self) { try decode([Timestamp].self, text) }
    }
}
