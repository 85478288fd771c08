import ConnectWire
import FoundationEssentials
import Testing

@testable import LocalConnect

@Suite("Faults from the start")
struct FaultListTests {
    @Test("A list of faults waits in a new state")
    func list() throws {
        let json = #"[{"operation": "SendMessage", "status": 503, "count": 2}, {"fault": "break-upload"}]"#
        let faults = try Fault.list(json: Array(json.utf8))
        let stage = Stage { $0.faults = faults }
        #expect(stage.state.faults.waiting == faults)
        #expect(faults.map(\.effect) == [.status(503), .breakUpload])
    }

    @Test("Whatever can be asked for is listed as it was asked for")
    func report() throws {
        let json = """
            [{"count":2,"operation":"SendMessage","role":"CUSTOM_BOT","status":503},{"count":1,"fault":"delay","seconds":1.5},\
            {"count":1,"fault":"slow-scan","seconds":30},{"contact":"c","random":{"faults":["status","reset"],"rate":0.5,"seed":7}}]
            """
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try String(decoding: encoder.encode(Fault.list(json: Array(json.utf8)).map(\.report)), as: UTF8.self) == json)
    }

    @Test(
        "A list with one wrong fault is refused whole",
        arguments: [
            "{}", "[", #"[{"status": 503}, {"fault": "explode"}]"#, "[{}]", #"[{"status": 200}]"#, #"[{"fault": "status"}]"#,
            #"[{"fault": "delay"}]"#, #"[{"fault": "reset", "seconds": 1}]"#, #"[{"fault": "delay", "seconds": -1}]"#,
            #"[{"status": 503, "fault": "reset"}]"#, #"[{"random": {"seed": 1, "rate": 1.5}}]"#, #"[{"random": {"rate": 0.5}}]"#,
            #"[{"random": {"seed": 1, "rate": 1, "faults": ["explode"]}}]"#, #"[{"random": {"seed": 1, "rate": 1}, "count": 3}]"#,
            #"[{"fault": "reset", "role": "KING"}]"#, #"[{"fault": "reset", "operation": "Dance"}]"#, #"[{"fault": "reset", "count": 0}]"#,
        ]
    )
    func refused(json: String) {
        #expect(throws: ServiceFault.self) { try Fault.list(json: Array(json.utf8)) }
    }
}
