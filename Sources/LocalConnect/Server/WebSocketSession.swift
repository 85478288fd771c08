import ConnectWire
import Logging
import Transport

/// One open WebSocket: reads what the client says, and writes what the engine queues for it.
struct WebSocketSession: Sendable {
    let id: SocketID
    let queue: FrameQueue
    let engine: Engine
    let logger: Logger

    /// Returns when the socket is closed, by either side.
    func run(_ socket: any WebSocket) async {
        await withTaskGroup { group in
            group.addTask { await read(socket) }
            group.addTask { await write(socket) }
            await group.next()
            group.cancelAll()
        }
        engine.close(id)
    }

    private func read(_ socket: any WebSocket) async {
        while true {
            do {
                let message = try await socket.receive()
                engine.withState { state, now in state.hear(id, at: now) }
                switch message {
                case .text(let text): await receive(text)
                case .binary(let bytes):
                    logger.warning("a binary frame is ignored: the protocol has text frames only", metadata: ["bytes": "\(bytes.count)"])
                }
            } catch {
                logger.debug("a WebSocket has closed", metadata: ["reason": "\(error)"])
                return
            }
        }
    }

    /// Junk is answered as the gateway before the service does; the socket survives.
    private func receive(_ text: String) async {
        do {
            switch try ClientFrame(parsing: text) {
            case .heartbeat: answer(.heartbeat)
            case .ping: answer(.ping(healthy: true))
            case .subscribe(let topics):
                try await engine.perform { (state, now) throws(ServiceFault) in state.subscribe(id, to: topics, at: now) }
            case .unknown(let topic):
                logger.warning("a frame has an unknown topic", metadata: ["topic": "\(topic.prefix(100))"])
                answer(.gatewayError(message: "Forbidden"))
            }
        } catch {
            logger.warning("a frame cannot be used: \(error)", metadata: ["characters": "\(text.utf8.count)"])
            answer(.gatewayError(message: "Forbidden"))
        }
    }

    private func answer(_ frame: ServerFrame) {
        if let text = try? frame.text() { queue.push(text) }
    }

    private func write(_ socket: any WebSocket) async {
        while let next = await queue.next() {
            switch next {
            case .frame(let text):
                do { try await socket.send(text) } catch { return }
            case .close(let code, let reason):
                await socket.close(code, reason: reason)
                return
            }
        }
    }
}
