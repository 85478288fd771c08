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

    @Test(
        "What is misspelt is told with what was probably meant, and numbers out of bounds with the bounds",
        arguments: [
            (#"[{"fault": "dealy", "seconds": 1}]"#, "there is no fault 'dealy'; did you mean 'delay'? The faults are: "),
            (#"[{"operation": "SendMesage", "status": 503}]"#, "there is no operation 'SendMesage'; did you mean 'SendMessage'?"),
            (#"[{"fault": "reset", "role": "CUSTMER"}]"#, "there is no role 'CUSTMER'; did you mean 'CUSTOMER'?"),
            (#"[{"random": {"seed": 1, "rate": 1, "faults": ["rest"]}}]"#, "there is no fault 'rest'; did you mean 'reset'?"),
            (#"[{"status": 503}, {"fualt": "reset"}]"#, "there is no member 'fualt' in item 2; did you mean 'fault'? The members are: "),
            (#"[{"fault": "reset", "colour": 1}]"#, "there is no member 'colour' in item 1. The members are: "),
            (#"[{"random": {"seed": 1, "rates": 1}}]"#, "there is no member 'rates' in item 1 in 'random'; did you mean 'rate'?"),
            (#"[{"fault": "reset", "count": 1000001}]"#, "count must be 1 to 1000000"),
            (#"[{"fault": "reset", "count": -1}]"#, "count must be 1 to 1000000"),
            (#"[{"fault": "delay", "seconds": "2s"}]"#, "seconds must be a number"),
            (#"[{"fault": "delay", "seconds": 1e308}]"#, "delay needs seconds, 0 to 3600"),
            (#"[{"status": -503}]"#, "status must be 400 to 599"),
            (#"[{"random": {"seed": 1, "rate": -0.5}}]"#, "rate must be 0 to 1"),
        ]
    )
    func words(json: String, message: String) {
        let fault = #expect(throws: ServiceFault.self) { try Fault.list(json: Array(json.utf8)) }
        #expect(fault?.message.contains(message) == true, "\(fault?.message ?? "")")
    }
}
