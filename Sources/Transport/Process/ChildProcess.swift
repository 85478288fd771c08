import Glibc
package import NIOCore
import NIOPosix

/// A child process as the one who runs it sees it: lines out of it, lines into it.
///
/// Nothing of it outlives ``run(_:keeper:errors:_:)``: neither the command nor what it has forked.
package struct ChildProcess: Sendable {
    /// What it writes to its standard output. Read once; a reader that is slow makes the child wait.
    package let output: NIOAsyncChannelInboundStream<ByteBuffer>
    private let input: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let pid: pid_t

    /// Writes to its standard input. Waits while the child does not read.
    package func send(_ bytes: ByteBuffer) async throws {
        try await input.write(bytes)
    }

    package func closeInput() {
        input.finish()
    }

    /// Asks its process group to end, by SIGTERM.
    package func terminate() {
        kill(pid, SIGTERM)
    }

    /// Starts the command, runs the body, and kills what is then left of the command.
    ///
    /// - Parameter errors: Takes what it writes to its standard error output, in blocks.
    /// - Returns: What the body has come to, and how the command ended.
    /// - Throws: ``ChildError`` when there can be no process.
    package static func run<Value: Sendable>(
        _ command: ChildCommand,
        keeper: ChildKeeper,
        errors: @escaping @Sendable (ByteBuffer) async -> Void,
        _ body: @escaping @Sendable (ChildProcess) async throws -> Value
    ) async throws -> (result: Result<Value, any Error>, ending: ChildEnding) {
        let process = try await onThread { () throws(ChildError) in try KeptProcess(command, keeper: keeper) }
        let result: Result<Value, any Error>
        do {
            result = .success(try await talk(to: process, errors, body))
        } catch {
            result = .failure(error)
        }
        process.lifeline.cut()
        return (result, try await onThread { process.waitForEnding() })
    }

    private static func talk<Value: Sendable>(
        to process: KeptProcess,
        _ errors: @escaping @Sendable (ByteBuffer) async -> Void,
        _ body: @escaping @Sendable (ChildProcess) async throws -> Value
    ) async throws -> Value {
        let group = MultiThreadedEventLoopGroup.singleton
        let pipes = try await NIOPipeBootstrap(group: group)
            .takingOwnershipOfDescriptors(input: process.output, output: process.input) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                }
            }
        let errorPipe = try await NIOPipeBootstrap(group: group)
            .takingOwnershipOfDescriptor(input: process.errors) { channel in
                channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel) }
            }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await errorPipe.executeThenClose { inbound in
                    for try await block in inbound { await errors(block) }
                }
            }
            let result: Result<Value, any Error>
            do {
                result = .success(
                    try await pipes.executeThenClose { inbound, outbound in
                        try await body(ChildProcess(output: inbound, input: outbound, pid: process.pid))
                    }
                )
            } catch {
                result = .failure(error)
            }
            // What it wrote before it ended is told; what holds its errors open afterwards is killed.
            process.lifeline.cut()
            try? await tasks.waitForAll()
            return try result.get()
        }
    }
}
