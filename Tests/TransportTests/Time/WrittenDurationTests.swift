import Testing
import Transport

@Suite("A duration as people write it")
struct WrittenDurationTests {
    @Test(
        "It is a number and a unit, and not longer than it may be",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("5s", .seconds(5)), ("2m", .seconds(120)), ("0s", .zero), ("1d", .seconds(86_400)),
            ("1h", nil), ("86401s", nil), ("2d", nil), ("9223372036854775807d", nil), ("9223372036854775808ms", nil), ("5", nil),
            ("s", nil),
            ("", nil), ("-5s", nil), ("5 s", nil), ("5S", nil), ("1.5s", nil), ("٥s", nil),
        ] as [(String, Duration?)]
    )
    func durations(text: String, duration: Duration?) {
        #expect(WrittenDuration(text).duration(in: [.milliseconds, .seconds, .minutes, .days], upTo: .seconds(86_400)) == duration)
    }
}
