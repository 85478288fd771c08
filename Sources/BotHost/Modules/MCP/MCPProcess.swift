import ActionKit
import Logging
import NIOCore
import Transport

/// One life of an MCP server's process: started, spoken to, and at last gone with all that it has forked.
struct MCPProcess: Sendable {
    let module: String
    let command: ChildCommand
    let options: ModuleOptions
    let keeper: ChildKeeper
    let spool: String
    let time: any TimeSource
    let errors: ErrorTail
    let logger: Logger

    /// How a life ended.
    struct Ending: Sendable {
        /// What was wrong with it, as a sentence about "it".
        var reason: String
        /// It died while it was asked for the newer protocol, which it may not have survived.
        var diedWhenProbed = false
    }

    /// A server that does not take a line for so long hangs.
    private static let writeTime = Duration.seconds(10)
    private static let timeToLeave = Duration.seconds(2)
    private static let timeToTerminate = Duration.seconds(3)

    /// - Parameter isStopping: Becomes true when it is to end in good order.
    /// - Parameter onEnd: Told when it cannot be called any more, before its open calls fail.
    func live(
        era: ModuleOptions.EraChoice,
        isStopping: Watched<Bool>,
        onReady: @escaping MCPConversation.OnReady,
        onEnd: @escaping @Sendable () -> Void
    ) async -> Ending {
        let (outgoing, queue) = AsyncStream.makeStream(of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(256))
        let conversation = MCPConversation(module: module, options: options, spool: spool, time: time, logger: logger) { message in
            if case .enqueued = queue.yield(message.line) { true } else { false }
        }
        do {
            let life = try await ChildProcess.run(command, keeper: keeper, errors: { [errors] in await errors.append($0) }) { child in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await write(outgoing, to: child) }
                    group.addTask { try await read(child, into: conversation) }
                    group.addTask { try await errors.watchForFlood() }
                    group.addTask { try await conversation.run(era, onReady: onReady) }
                    group.addTask {
                        try await isStopping.first { $0 }
                        try await leave(child)
                    }
                    var reason = ModuleFailure.crashed("its process ended")
                    defer {
                        onEnd()
                        conversation.close(reason)
                        group.cancelAll()
                    }
                    do {
                        try await group.next()
                    } catch {
                        reason = error as? ModuleFailure ?? reason
                        throw error
                    }
                }
            }
            return Ending(reason: reason(life.result, life.ending), diedWhenProbed: conversation.isProbing)
        } catch {
            return Ending(reason: "\(error)")
        }
    }

    private func reason(_ result: Result<Void, any Error>, _ ending: ChildEnding) -> String {
        switch result {
        case .failure(ModuleFailure.crashed(let how)): ending == .killed ? how : "\(ending)"
        case .failure(let failure as ModuleFailure): failure.reason
        case .failure(let error): "\(error)"
        case .success: "\(ending)"
        }
    }

    private func write(_ outgoing: AsyncStream<ByteBuffer>, to child: ChildProcess) async throws {
        for await line in outgoing {
            do {
                try await time.withTimeout(Self.writeTime) { try await child.send(line) }
            } catch is CancellationError {
                throw CancellationError()
            } catch is TimeoutError {
                throw ModuleFailure.notReading
            } catch {
                // It closed its input. If it is ending, that tells more, and comes soon.
                try await time.sleep(for: Self.timeToLeave)
                throw ModuleFailure.notReading
            }
        }
    }

    private func read(_ child: ChildProcess, into conversation: MCPConversation) async throws {
        var output = MCPOutput(module: module, conversation: conversation, time: time, logger: logger)
        for try await block in child.output {
            try await output.append(block)
            // A server that never pauses gets its share of the threads, and not more.
            await Task.yield()
        }
        throw ModuleFailure.crashed("it closed its output")
    }

    /// In the order of the specification; what then is left is killed.
    private func leave(_ child: ChildProcess) async throws {
        child.closeInput()
        try await time.sleep(for: Self.timeToLeave)
        child.terminate()
        try await time.sleep(for: Self.timeToTerminate)
    }
}

extension RPCMessage {
    /// As a line of the wire.
    fileprivate var line: ByteBuffer {
        var buffer = ByteBuffer(string: json.serialized())
        buffer.writeInteger(UInt8(ascii: "\n"))
        return buffer
    }
}
