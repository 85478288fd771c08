import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix
import Testing

/// A Python program of `Tests/Compatibility/websocket` in a process of its own, spoken to in lines.
final class PythonPeer {
    struct Failure: Error {
        var problem: String
    }

    /// `ATTACHE_PYTHON`, else the one that `script/setup` makes.
    static let interpreter: String? = {
        let candidates = [ProcessInfo.processInfo.environment["ATTACHE_PYTHON"], "\(root)/.venv/bin/python3"].compactMap(\.self)
        return candidates.first { access($0, X_OK) == 0 }
    }()

    static let missing: Comment = "there is no Python: run script/setup, or name one with websockets and wsproto in ATTACHE_PYTHON"

    private static let root = #filePath.split(separator: "/").dropLast(5).reduce("") { "\($0)/\($1)" }

    private var output: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let input: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread: [UInt8] = []

    private init(_ output: NIOAsyncChannelInboundStream<ByteBuffer>, _ input: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.output = output.makeAsyncIterator()
        self.input = input
    }

    /// Starts the program, runs the body, closes its input, and waits for its end.
    /// - Throws: ``Failure`` where it ended with an error.
    static func run<Value: Sendable>(
        _ program: String,
        _ arguments: [String] = [],
        _ body: @escaping @Sendable (PythonPeer) async throws -> Value
    ) async throws -> Value {
        let path = try #require(interpreter)
        let (process, stream) = try spawn([path, "-u", "\(root)/Tests/Compatibility/websocket/\(program).py"] + arguments)
        // Programs that are started meanwhile may inherit NIO's copy of the stream, so closing that one does not end it.
        let ending = fcntl(stream, F_DUPFD_CLOEXEC, 0)
        let result = await Result {
            let channel = try await NIOPipeBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .takingOwnershipOfDescriptor(inputOutput: stream) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return try await channel.executeThenClose { output, input in try await body(PythonPeer(output, input)) }
        }
        shutdown(ending, CInt(SHUT_RDWR))
        close(ending)
        if case .failure = result { kill(process, SIGKILL) }
        let status = try await NIOThreadPool.singleton.runIfActive {
            var status: Int32 = 0
            waitpid(process, &status, 0)
            return status
        }
        let value = try result.get()
        guard status == 0 else { throw Failure(problem: "\(program).py ended with status \(status); see its errors above") }
        return value
    }

    /// The next line; nil when the program has ended its output.
    func readLine() async throws -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeSubrange(...end) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            guard let bytes = try await output.next(isolation: #isolation) else { return nil }
            unread += Array(bytes.readableBytesView)
        }
    }

    func readPort() async throws -> Int {
        let line = try await readLine() ?? ""
        return try #require(Int(line), "the program prints its port first")
    }

    func write(line: String) async throws {
        try await input.write(ByteBuffer(string: line + "\n"))
    }

    /// - Returns: The process, and our end of a stream that is its input and output.
    private static func spawn(_ command: [String]) throws -> (process: pid_t, stream: CInt) {
        var ends: [CInt] = [0, 0]
        guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Failure(problem: "no stream for \(command[0]): errno \(errno)")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        for standard in [STDIN_FILENO, STDOUT_FILENO] { posix_spawn_file_actions_adddup2(&actions, ends[1], standard) }
        var process = pid_t()
        let arguments = command.map { strdup($0) } + [nil]
        let error = posix_spawn(&process, command[0], &actions, nil, arguments, environ)
        for argument in arguments { free(argument) }
        posix_spawn_file_actions_destroy(&actions)
        close(ends[1])
        guard error == 0 else { throw Failure(problem: "\(command[0]) cannot be started: errno \(error)") }
        return (process, ends[0])
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
