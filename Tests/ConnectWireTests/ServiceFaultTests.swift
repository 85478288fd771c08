import ConnectWire
import Testing

@Suite("Faults")
struct ServiceFaultTests {
    private func fault(_ status: Int, type: String? = nil, id: String? = nil, body: String = "") -> ServiceFault {
        ServiceFault(status: status, typeHeader: type, requestID: id, body: Array(body.utf8))
    }

    @Test(
        "The type is read in every spelling",
        arguments: [
            ("ValidationException", ""),
            ("ValidationException:", ""),
            ("ValidationException:http://internal.amazon.com/coral/com.amazon.coral.validate/", ""),
            ("ValidationException:http://internal.amazon.com/coral/#Other", ""),
            ("com.amazonaws.connectparticipant#ValidationException", ""),
            ("com.amazonaws.connectparticipant#ValidationException:http://x/", ""),
            (" ValidationException ", ""),
            (nil, #"{"code":"ValidationException"}"#),
            (nil, #"{"code":"ValidationException:http://x/"}"#),
            (nil, #"{"__type":"ValidationException"}"#),
            (nil, #"{"__type":"com.amazonaws.connectparticipant#ValidationException"}"#),
            ("", #"{"__type":"ValidationException"}"#),
            (":", #"{"code":"ValidationException","__type":"Other"}"#),
            (nil, #"{"code":400,"__type":"ValidationException"}"#),
            ("ValidationException", #"{"code":"Other","__type":"Other"}"#),
            (nil, ""),
        ] as [(String?, String)]
    )
    func readsType(header: String?, body: String) {
        #expect(fault(400, type: header, body: body).kind == .validation)
    }

    @Test(
        "The message is read in every spelling",
        arguments: [
            (#"{"message":"too long"}"#, "too long"),
            (#"{"Message":"too long"}"#, "too long"),
            (#"{"message":"too long","Message":"other"}"#, "too long"),
            (#"{"message":null,"Message":"too long"}"#, "too long"),
            (#"{"message":7,"Message":"too long","code":[],"__type":{}}"#, "too long"),
            (#"{"message":"يرجى 你好 😀"}"#, "يرجى 你好 😀"),
            (#"{"message":""}"#, ""),
        ]
    )
    func readsMessage(body: String, message: String) {
        #expect(fault(400, body: body).message == message)
    }

    @Test(
        "A body that cannot be read costs the message, not the fault",
        arguments: ["", "{}", "{", "null", "[]", "7", "<html><h1>502</h1></html>", "\"message\"", "{\"message\":[]}", "\u{FFFD}\u{0}"]
    )
    func brokenBodies(body: String) {
        let fault = fault(502, type: "InternalServerException", id: "r-1", body: body)
        #expect(fault == ServiceFault(.internalServer, status: 502, message: "the service gave no reason", requestID: "r-1"))
    }

    @Test("Bytes that are no text, and bodies without end, are survived")
    func hostileBodies() {
        #expect(ServiceFault(status: 400, typeHeader: nil, requestID: nil, body: [0xFF, 0xFE, 0x00]).kind == .validation)
        let long = Array(#"{"message":""#.utf8) + Array(repeating: UInt8(ascii: "x"), count: 10_000_000) + Array(#""}"#.utf8)
        #expect(ServiceFault(status: 400, typeHeader: nil, requestID: nil, body: long).message == "the service gave no reason")
        let deep = Array(repeating: UInt8(ascii: "["), count: 60_000)
        #expect(ServiceFault(status: 400, typeHeader: nil, requestID: nil, body: deep).kind == .validation)
    }

    static let modelled: [(ServiceFault.Kind, Int)] = [
        (.accessDenied, 403), (.conflict, 409), (.internalServer, 500), (.resourceNotFound, 404), (.serviceQuotaExceeded, 402),
        (.throttling, 429), (.validation, 400),
    ]

    @Test("Each modelled fault has its status, and the status tells the fault where no name does", arguments: modelled)
    func statuses(kind: ServiceFault.Kind, status: Int) {
        #expect(kind.status == status)
        #expect(ServiceFault(kind, message: "").status == status)
        #expect(fault(status).kind == kind)
        #expect(fault(status).meaning == kind)
    }

    @Test(
        "What a fault means follows from its name where the model has it, else from its status",
        arguments: [
            ("ThrottlingException", 400, ServiceFault.Kind.throttling),
            ("AccessDeniedException", 400, .accessDenied),
            ("ForbiddenException", 403, .accessDenied),
            ("ExpiredTokenException", 403, .accessDenied),
            ("TooManyRequestsException", 429, .throttling),
            ("SerializationException", 400, .validation),
            ("Teapot", 418, ServiceFault.Kind(rawValue: "HTTP 418")),
        ]
    )
    func meaning(name: String, status: Int, meaning: ServiceFault.Kind) {
        let fault = fault(status, type: name)
        #expect(fault.kind.rawValue == name)
        #expect(fault.meaning == meaning)
    }

    @Test("It is described with all that support asks for")
    func describes() {
        let fault = fault(400, type: "ValidationException:x", id: "r-1", body: #"{"message":"Content is too long"}"#)
        #expect("\(fault)" == "ValidationException (400): Content is too long (request r-1)")
        #expect("\(ServiceFault(.conflict, message: "busy"))" == "ConflictException (409): busy")
    }

    @Test("It is written with a lower case message, and comes back")
    func writes() {
        let fault = ServiceFault(.conflict, message: "a \"quote\" and a / slash", requestID: "r-1")
        #expect(String(decoding: fault.body, as: UTF8.self) == #"{"message":"a \"quote\" and a / slash"}"#)
        let read = ServiceFault(status: fault.status, typeHeader: fault.kind.rawValue, requestID: fault.requestID, body: fault.body)
        #expect(read == fault)
    }
}
