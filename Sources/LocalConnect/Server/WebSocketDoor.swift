import ConnectWire
import Logging
import Transport

/// Lets those in who hold the URL of a WebSocket.
struct WebSocketDoor: Sendable {
    let engine: Engine
    let logger: Logger

    /// - Returns: What serves the socket.
    /// - Throws: The fault that refuses a token which is unknown, used, or too old.
    func admit(_ token: String) async throws(ServiceFault) -> @Sendable (any WebSocket) async -> Void {
        let ticket: WebSocketTicket
        do throws(ServiceFault) {
            ticket = try await engine.perform { (state, now) throws(ServiceFault) in try state.ticket(token, at: now) }
        } catch {
            logger.info("a WebSocket is refused: \(error.message)")
            throw error
        }
        return { socket in
            do throws(ServiceFault) {
                let (id, queue) = try engine.openSocket(ticket)
                await WebSocketSession(id: id, queue: queue, engine: engine, logger: logger).run(socket)
            } catch {
                await socket.close(.policyViolation, reason: error.message)
            }
        }
    }
}
