import ActionKit
import Foundation
import Synchronization

/// An MCP server after its handshake.
final class MCPConnection: ModuleConnection {
    private let peer: RPCPeer
    private let era: MCPEra
    let spool: String
    private let state: Mutex<State>

    private struct State {
        var listing: ToolListing
        /// Calls of the older protocol that wait for an answer of the customer, the oldest first.
        var suspended: [SuspendedCall] = []
    }

    private struct SuspendedCall {
        /// Never given twice, so that an answer does not reach a call of a later process.
        let key = UUID().uuidString
        var call: Int
        /// The id of the request that the other side waits for.
        var question: JSON
    }

    /// More calls than these are not kept waiting for customers: the oldest is called off.
    private static let suspensionLimit = 64

    init(peer: RPCPeer, era: MCPEra, listing: ToolListing, spool: String) {
        self.peer = peer
        self.era = era
        self.spool = spool
        state = Mutex(State(listing: listing))
    }

    var listing: ToolListing { state.withLock { $0.listing } }

    func replace(_ listing: ToolListing) {
        state.withLock { $0.listing = listing }
    }

    func result(of call: ModuleCall) async throws -> JSON {
        let id = if let id = try resume(call) { id } else { try open(call) }
        switch try await peer.nextEvent(of: id) {
        case .answer(.success(let result)): return result
        case .answer(.failure(let error)): throw ModuleFailure.refused(String(error.message.prefix(1000)))
        case .unreadable(let problem): throw ModuleFailure.broken(problem)
        case .question(let question, let params): return try suspend(id, question, params)
        }
    }

    private func open(_ call: ModuleCall) throws -> Int {
        var members: [String: JSON] = ["name": .string(call.action), "arguments": call.arguments]
        if let continuation = call.continuation {
            members["inputResponses"] = continuation.responses
            if !continuation.state.isNull { members["requestState"] = continuation.state }
        }
        return try peer.open("tools/call", onProgress: call.onProgress) { id in
            era.params(members, meta: ["progressToken": .number(JSONNumber(id)), MCP.Meta.context: call.context(spool: spool)])
        }
    }

    // MARK: Questions in the middle of a call

    /// Answers the question of a call that is still open.
    /// - Returns: The call; nil for one that begins with this answer, as calls of the newer protocol do.
    private func resume(_ call: ModuleCall) throws -> Int? {
        guard let continuation = call.continuation, case .legacy = era else { return nil }
        let found = state.withLock { state in
            state.suspended.firstIndex { .string($0.key) == continuation.state }.map { state.suspended.remove(at: $0) }
        }
        // The process that asked is gone, and the call with it.
        guard let found else { throw ModuleFailure.interrupted }
        peer.answer(found.question, continuation.responses[Inquiry.legacyKey] ?? ["action": "cancel"])
        return found.call
    }

    /// Leaves a call open until the customer has answered. It is told as the newer protocol has it, where such a call is over.
    private func suspend(_ call: Int, _ question: JSON, _ params: JSON) throws -> JSON {
        let suspended = SuspendedCall(call: call, question: question)
        let result: JSON = [
            "resultType": "input_required", "requestState": .string(suspended.key),
            "inputRequests": [Inquiry.legacyKey: ["method": "elicitation/create", "params": params]],
        ]
        do {
            _ = try Inquiry(result)
        } catch {
            peer.answer(question, ["action": "cancel"])
            peer.abandon(call, reason: "it asks for what a chat cannot give")
            throw error
        }
        let surplus = state.withLock { state in
            state.suspended.append(suspended)
            return state.suspended.count > Self.suspensionLimit ? state.suspended.removeFirst() : nil
        }
        if let surplus { peer.abandon(surplus.call, reason: "too many calls wait for an answer") }
        return result
    }
}
