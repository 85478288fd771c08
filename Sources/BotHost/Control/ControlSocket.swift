import FoundationEssentials
import Glibc
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The door through which commands reach the store of a running host: a Unix socket beside the database, for its owner alone.
///
/// One line in, the password and a ``ControlRequest`` in JSON; one line of JSON out, a ``ControlAnswer``. The password is in a file of the store, anew
/// for each host: a module runs as the same user, and what keeps it from the store's files does not keep it from a socket.
package struct ControlSocket: Service {
    private let keeper: StoreKeeper
    private let path: String
    private let passwordPath: String
    private let logger: Logger

    package static func path(in folder: String) -> String { folder + "/control.sock" }

    static func passwordPath(in folder: String) -> String { folder + "/control.password" }

    /// Bytes of a line that are read.
    static let lineLimit = 64 * 1024
    /// Of a socket's path, with the zero at its end (unix(7)).
    private static let pathLimit = 108

    package init(_ keeper: StoreKeeper, folder: String, logger: Logger) {
        self.keeper = keeper
        path = Self.path(in: folder)
        passwordPath = Self.passwordPath(in: folder)
        self.logger = logger
    }

    package func run() async throws {
        guard path.utf8.count < Self.pathLimit else {
            logger.warning("no control socket: its path is too long; commands cannot change this store while the host runs")
            return try await gracefulShutdown()
        }
        guard let password = makePassword() else {
            logger.warning("no control socket: its password cannot be written; commands cannot change this store while the host runs")
            return try await gracefulShutdown()
        }
        defer { unlink(passwordPath) }
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        defer { unlink(path) }
        guard chmod(path, 0o600) == 0 else {
            throw StoreError(.unusable, path: path, problem: "its mode cannot be set: \(String(cString: strerror(errno)))")
        }
        do {
            try await cancelWhenGracefulShutdown { try await accept(on: server, password) }
        } catch is CancellationError {
            // That is how it ends.
        }
    }

    private func makePassword() -> String? {
        let password = UUID().uuidString + UUID().uuidString
        unlink(passwordPath)
        let descriptor = open(passwordPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        defer { if descriptor >= 0 { close(descriptor) } }
        return descriptor >= 0 && write(descriptor, password, password.utf8.count) == password.utf8.count ? password : nil
    }

    private func accept(
        on server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>,
        _ password: String
    ) async throws {
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections { group.addTask { await serve(connection, password) } }
            }
        }
    }

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ password: String) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                guard let line = try await inbound.line(limit: Self.lineLimit) else { return }
                let answer = await answer(line, password)
                try await outbound.write(ByteBuffer(string: answer.json() + "\n"))
            }
        } catch {
            logger.debug("a command left before it was answered", metadata: ["reason": "\(error)"])
        }
    }

    private func answer(_ line: String, _ password: String) async -> ControlAnswer {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, Self.isEqual(parts[0], password) else {
            logger.warning("somebody who does not know the store's password was refused at the control socket")
            return .refused("the host takes commands from those alone who can read its store; is the command of another version?")
        }
        guard let request = try? ControlRequest(json: String(parts[1])) else {
            return .refused("the host does not understand the command; is it of another version?")
        }
        logger.info("a command", metadata: ["action": "\(request.action.rawValue)", "id": "\(request.id)"])
        return await keeper.perform(request)
    }
}

extension ControlSocket {
    /// Without an early end.
    private static func isEqual(_ one: Substring, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// The other side of the door.
package enum ControlClient {
    /// - Throws: What connecting throws, and ``StoreError`` when there is no answer.
    package static func send(_ request: ControlRequest, toHostOf folder: String) async throws -> ControlAnswer {
        let password = try String(contentsOfFile: ControlSocket.passwordPath(in: folder), encoding: .utf8)
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: ControlSocket.path(in: folder)) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: "\(password) \(request.json())\n"))
            guard let line = try await inbound.line(limit: ControlSocket.lineLimit) else {
                throw StoreError(.inUse, path: folder, problem: "the host that has it gave no answer; its log says why")
            }
            return try ControlAnswer(json: line)
        }
    }
}

extension NIOAsyncChannelInboundStream<ByteBuffer> {
    /// Nil when it ends, or has the limit's bytes, before the line does.
    fileprivate func line(limit: Int) async throws -> String? {
        var buffer = ByteBuffer()
        for try await var part in self {
            buffer.writeBuffer(&part)
            if let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                return buffer.readString(length: end - buffer.readerIndex)
            }
            if buffer.readableBytes > limit { return nil }
        }
        return nil
    }
}
