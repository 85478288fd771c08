import ActionKit
import ConnectWire
import Participant
import Transport

extension Person {
    /// Calls an operation with a body as it was written.
    /// - Throws: ``ScriptProblem`` when the body is no JSON object, or the service answers with an error.
    func callRaw(_ operation: Operation, body: String) async throws -> HTTPResponse {
        let object: JSON
        do {
            object = try JSON(parsing: body.isEmpty ? "{}" : body)
        } catch {
            throw ScriptProblem("the request is not JSON: \(error)")
        }
        guard let members = object.objectValue else { throw ScriptProblem("the request is not a JSON object") }
        return try await connection.callRaw(operation, body: Array(object.serialized().utf8), view: members["ViewToken"]?.stringValue)
    }
}
