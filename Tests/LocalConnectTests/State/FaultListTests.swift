import ConnectWire
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

    @Test("A list with one wrong fault is refused whole", arguments: ["{}", "[", #"[{"status": 503}, {"fault": "explode"}]"#, "[{}]"])
    func refused(json: String) {
        #expect(throws: ServiceFault.self) { try Fault.list(json: Array(json.utf8)) }
    }
}
