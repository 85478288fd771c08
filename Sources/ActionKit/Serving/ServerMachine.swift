/// What a module's server does with each message: pure, so that every odd order of messages can be tested.
///
/// Both eras of MCP are spoken: a request that names a revision in its `_meta` is answered in the modern way, any other in the legacy one.
struct ServerMachine {
    /// What is to be done about a message or an outcome, in this order.
    enum Effect {
        case send(RPCMessage)
        case start(PreparedCall, number: UInt64)
        case cancel(number: UInt64)
    }

    private struct Running {
        let id: JSON
        let era: MCP.Era
        let call: PreparedCall
        var progress = 0
        /// The request that put this call's question to the client (legacy), and what comes back with the answer.
        var question: (id: JSON, state: String?)?
    }

    private let module: Module
    private let limit: Int
    private var running: [UInt64: Running] = [:]
    private var lastNumber: UInt64 = 0
    private var lastQuestion = 0
    /// Whether the client of the legacy era can put questions to a person.
    private var canAsk = false

    /// - Parameter limit: How many calls may run at a time; further ones are refused.
    init(module: Module, limit: Int) {
        self.module = module
        self.limit = limit
    }

    // MARK: Messages

    mutating func receive(_ line: LineSplitter.Line) -> [Effect] {
        switch line {
        case .tooLong(let limit):
            return [.send(.failure(id: .null, error: .parse("the line is longer than \(limit) bytes")))]
        case .complete(let bytes):
            return RPCMessage.batch(parsing: bytes).flatMap { message -> [Effect] in
                switch message {
                case .success(let message): receive(message)
                case .failure(let rejection): [.send(rejection.answer)]
                }
            }
        }
    }

    mutating func receive(_ message: RPCMessage) -> [Effect] {
        switch message {
        case .request(let id, let method, let params):
            do {
                return try answer(id, method, params)
            } catch {
                return [.send(.failure(id: id, error: error))]
            }
        case .notification("notifications/cancelled", let params):
            return cancel(params["requestId"])
        case .notification:
            return []
        case .response(let id, let result):
            return answered(id, ToolCall.answer(result))
        case .failure(let id, _):
            return answered(id, [:])
        }
    }

    private mutating func answer(_ id: JSON, _ method: String, _ params: JSON) throws(RPCError) -> [Effect] {
        let era = try era(of: params)
        switch method {
        case "server/discover":
            return [.send(.response(id: id, result: discovery))]
        case "initialize":
            canAsk = params["capabilities"]?["elicitation"]?.objectValue != nil
            return [.send(.response(id: id, result: welcome(params["protocolVersion"]?.stringValue)))]
        case "ping":
            return [.send(.response(id: id, result: [:]))]
        case "tools/list":
            guard params[present: "cursor"] == nil else { throw .invalidParams("unknown cursor; the list has one page") }
            return [.send(.response(id: id, result: toolList(in: era)))]
        case "tools/call":
            return [try start(id, params, in: era)]
        default:
            throw .methodNotFound(method)
        }
    }

    private func era(of params: JSON) throws(RPCError) -> MCP.Era {
        guard let version = params["_meta"]?[present: MCP.Meta.protocolVersion] else { return .legacy }
        guard version == .string(MCP.modernVersion) else {
            throw .unsupportedVersion(version.stringValue ?? version.serialized(), supported: [MCP.modernVersion])
        }
        return .modern
    }

    // MARK: What there is

    private var serverInfo: JSON { ["name": .string(module.name), "version": .string(module.version)] }

    private var discovery: JSON {
        [
            "resultType": "complete",
            "supportedVersions": [.string(MCP.modernVersion)],
            "capabilities": ["tools": [:]],
            "_meta": [MCP.Meta.serverInfo: serverInfo],
            "ttlMs": 3_600_000,
            "cacheScope": "public",
        ]
    }

    private func welcome(_ requested: String?) -> JSON {
        let version = MCP.legacyVersions.first { $0 == requested } ?? MCP.legacyVersions[0]
        return ["protocolVersion": .string(version), "capabilities": ["tools": [:]], "serverInfo": serverInfo]
    }

    private func toolList(in era: MCP.Era) -> JSON {
        var list = module.toolList
        guard era == .modern else { return list }
        list["resultType"] = "complete"
        list["ttlMs"] = 3_600_000
        list["cacheScope"] = "public"
        return list
    }

    // MARK: Calls

    private mutating func start(_ id: JSON, _ params: JSON, in era: MCP.Era) throws(RPCError) -> Effect {
        guard !running.values.contains(where: { $0.id == id }) else { throw .invalidRequest("a call with this id is running already") }
        guard running.count < limit else { throw .busy("\(limit) calls are running already; try again when one of them is done") }
        let call = try PreparedCall(ToolCall(params: params), of: module)
        lastNumber += 1
        running[lastNumber] = Running(id: id, era: era, call: call)
        return .start(call, number: lastNumber)
    }

    /// A cancelled request gets no answer.
    private mutating func cancel(_ id: JSON?) -> [Effect] {
        guard let number = running.first(where: { $0.value.id == id })?.key else { return [] }
        running[number] = nil
        return [.cancel(number: number)]
    }

    /// What is sent when a call is done; nothing for one that was cancelled.
    mutating func finish(_ number: UInt64, _ outcome: CallOutcome) -> RPCMessage? {
        guard let call = running[number] else { return nil }
        if case .result(.question(let question)) = outcome, call.era == .legacy, canAsk { return ask(question, of: number) }
        running[number] = nil
        return result(outcome, of: call).map { .response(id: call.id, result: $0) }
    }

    private func result(_ outcome: CallOutcome, of call: Running) -> JSON? {
        switch outcome {
        case .cancelled:
            return nil
        case .failed(let error):
            return error.toolResult(in: call.era)
        case .result(.question) where call.era == .legacy:
            let reason = "\(call.call.action.name) has a question for a person, and this client cannot put it: it has no 'elicitation'"
            return ActionError(reason).toolResult(in: call.era)
        case .result(let result):
            return result.toolResult(in: call.era)
        }
    }

    /// What is sent when a call is getting on: nothing, where the client has not asked for it.
    mutating func progress(_ number: UInt64, _ text: String?) -> RPCMessage? {
        guard let token = running[number]?.call.call.progressToken else { return nil }
        running[number]?.progress += 1
        var params: JSON = ["progressToken": token, "progress": .number(JSONNumber(running[number]?.progress ?? 0))]
        params["message"] = text.map(JSON.string)
        return .notification(method: "notifications/progress", params: params)
    }

    // MARK: Questions of the legacy era, which are requests of their own

    private mutating func ask(_ question: ActionQuestion, of number: UInt64) -> RPCMessage {
        lastQuestion += 1
        let id = JSON.string("question-\(lastQuestion)")
        running[number]?.question = (id, question.state)
        return .request(id: id, method: "elicitation/create", params: question.elicitationParams)
    }

    private mutating func answered(_ id: JSON, _ answers: [String: JSON]) -> [Effect] {
        for (number, call) in running {
            guard let question = call.question, question.id == id else { continue }
            running[number]?.question = nil
            return [.start(call.call.answered(answers, state: question.state), number: number)]
        }
        return []
    }
}
