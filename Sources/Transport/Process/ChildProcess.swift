import Glibc
package import NIOCore
import NIOPosix

/// A child process as the one who runs it sees it: lines out of it, lines into it.
///
/// Nothing of it outlives ``run(_:keeper:errors:_:)``: neither the command nor what it has forked, even where it has killed its keeper.
package struct ChildProcess: Sendable {
    /// What it writes to its standard output. Read once; a reader that is slow makes the child wait.
    package let output: NIOAsyncChannelInboundStream<ByteBuffer>
    private let input: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let keeper: KeptProcess.Keeper

    /// Writes to its standard input. Waits while the child does not read.
    package func send(_ bytes: ByteBuffer) async throws {
        try await input.write(bytes)
    }

    package func closeInput() {
        input.finish()
    }

    /// Asks its process group to end, by SIGTERM.
    package func terminate() {
        keeper.signal(SIGTERM)
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
        let pipes: Pipes
        do {
            pipes = try await Pipes(of: process)
        } catch {
            process.lifeline.cut()
            return (.failure(error), try await onThread { process.waitForEnding() })
        }
        return await watch(process, pipes, errors, body)
    }

    /// How much longer than its order to end a keeper may live; one that has been stopped is killed then.
    private static let timeToEnd = TimeAmount.seconds(5)
    /// For how long it is read what the dead have written: whoever else holds their pipes open holds up nobody.
    private static let timeToRead = TimeAmount.seconds(2)

    private enum Event<Value: Sendable>: Sendable {
        case isTold(Result<Value, any Error>)
        case hasEnded(ChildEnding)
        case hasNoErrorsLeft
    }

    /// Whatever happens first, all three do: the body is over, the process has ended, and all that it had to say of errors was said.
    private static func watch<Value: Sendable>(
        _ process: KeptProcess,
        _ pipes: Pipes,
        _ errors: @escaping @Sendable (ByteBuffer) async -> Void,
        _ body: @escaping @Sendable (ChildProcess) async throws -> Value
    ) async -> (result: Result<Value, any Error>, ending: ChildEnding) {
        await withTaskGroup(of: Event<Value>.self) { tasks in
            tasks.addTask { .hasEnded((try? await onThread { process.waitForEnding() }) ?? .killed) }
            tasks.addTask { .isTold(await pipes.talk(to: process, body)) }
            tasks.addTask {
                await pipes.readErrors(errors)
                return .hasNoErrorsLeft
            }
            var result: Result<Value, any Error>?
            var ending: ChildEnding?
            var order: Scheduled<Void>?
            for await event in tasks {
                switch event {
                case .isTold(let value):
                    result = value
                    process.lifeline.cut()
                    if ending == nil { order = pipes.loop.scheduleTask(in: timeToEnd) { process.keeper.signal(SIGKILL) } }
                case .hasEnded(let how):
                    ending = how
                    order?.cancel()
                    pipes.loop.scheduleTask(in: timeToRead) { pipes.close() }
                case .hasNoErrorsLeft: break
                }
            }
            return (result ?? .failure(CancellationError()), ending ?? .killed)
        }
    }

    /// The pipes between this process and the child, as channels.
    private struct Pipes: Sendable {
        private let main: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        private let errors: NIOAsyncChannel<ByteBuffer, Never>

        init(of process: KeptProcess) async throws {
            let group = MultiThreadedEventLoopGroup.singleton
            main = try await NIOPipeBootstrap(group: group)
                .takingOwnershipOfDescriptors(input: process.output, output: process.input) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(isOutboundHalfClosureEnabled: true)
                        )
                    }
                }
            errors = try await NIOPipeBootstrap(group: group)
                .takingOwnershipOfDescriptor(input: process.errors) { channel in
                    channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel<ByteBuffer, Never>(wrappingChannelSynchronously: channel) }
                }
        }

        var loop: any EventLoop { main.channel.eventLoop }

        func talk<Value: Sendable>(
            to process: KeptProcess,
            _ body: @escaping @Sendable (ChildProcess) async throws -> Value
        ) async -> Result<Value, any Error> {
            do {
                return .success(
                    try await main.executeThenClose { inbound, outbound in
                        try await body(ChildProcess(output: inbound, input: outbound, keeper: process.keeper))
                    }
                )
            } catch {
                return .failure(error)
            }
        }

        func readErrors(_ take: @Sendable (ByteBuffer) async -> Void) async {
            try? await errors.executeThenClose { inbound in
                for try await block in inbound { await take(block) }
            }
        }

        func close() {
            main.channel.close(promise: nil)
            errors.channel.close(promise: nil)
        }
    }
}
