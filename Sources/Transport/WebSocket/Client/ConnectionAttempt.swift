import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The way from nothing to an open WebSocket, on one event loop: TCP, a proxy's tunnel, TLS, the upgrade.
struct ConnectionAttempt: Sendable {
    let url: WebSocketURL
    let proxy: Proxy?
    let tls: NIOSSLContext?
    let maximumMessageSize: Int
    let eventLoop: any EventLoop

    /// Cancelling the task, and the time running out, close whatever was opened.
    func run(timeout: Duration) async throws(WebSocketError) -> NIOWebSocket {
        let result = eventLoop.makePromise(of: NIOWebSocket.self)
        do {
            return try await withTaskCancellationHandler {
                start(timeout: TimeAmount(timeout), result)
                return try await result.futureResult.get()
            } onCancel: {
                result.fail(WebSocketError.cancelled)
            }
        } catch {
            throw describe(error)
        }
    }

    private func start(timeout: TimeAmount, _ result: EventLoopPromise<NIOWebSocket>) {
        let timer = eventLoop.scheduleTask(in: timeout) { result.fail(ChannelError.connectTimeout(timeout)) }
        result.futureResult.whenComplete { _ in timer.cancel() }
        connect(timeout: timeout)
            .flatMap { channel in
                result.futureResult.whenFailure { _ in channel.close(promise: nil) }
                return openTunnel(channel)
                    .flatMapThrowing { try secure(channel) }
                    .flatMap { upgrade(channel) }
            }
            .cascade(to: result)
    }

    private func connect(timeout: TimeAmount) -> EventLoopFuture<any Channel> {
        let bootstrap = ClientBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: TransientReceiveAllocator())
            .channelOption(.maxMessagesPerRead, value: 1)
            .connectTimeout(timeout)
        let (host, port) = proxy.map { ($0.host, $0.port) } ?? (url.host, url.port)
        // An address needs none of the threads that look names up.
        guard let address = try? SocketAddress(ipAddress: host, port: port) else { return bootstrap.connect(host: host, port: port) }
        return bootstrap.connect(to: address)
    }

    private func openTunnel(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard let proxy else { return channel.eventLoop.makeSucceededVoidFuture() }
        var headers: HTTPHeaders = ["Host": url.place]
        if let authorization = proxy.authorization { headers.add(name: "Proxy-Authorization", value: authorization) }
        let request = HTTPRequestHead(version: .http1_1, method: .CONNECT, uri: url.place, headers: headers)
        return HTTPExchange.run(request, on: channel) { response in
            guard (200..<300).contains(response.status.code) else {
                throw WebSocketError(
                    .cannotConnect,
                    detail: "the proxy refused a tunnel to \(url.place) with status \(response.status.code)"
                )
            }
        }
    }

    private func secure(_ channel: any Channel) throws {
        guard let tls else { return }
        let isAddress = IPAddress(url.host) != nil
        if isAddress, proxy != nil {
            // NIOSSL compares a certificate with the address that it is connected to, which is the proxy's.
            throw WebSocketError(.tls, detail: "\(url.place) cannot be verified through a proxy; use a host name")
        }
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : url.host))
    }

    private func upgrade(_ channel: any Channel) -> EventLoopFuture<NIOWebSocket> {
        let handshake = ClientHandshake(url)
        return HTTPExchange.run(handshake.request, on: channel) { response in
            try handshake.check(response)
            return try NIOWebSocket.add(to: channel, role: .client, maximumMessageSize: maximumMessageSize)
        }
    }

    private var place: String { url.place + (proxy.map { " through the proxy \($0.host):\($0.port)" } ?? "") }

    private func describe(_ error: any Error) -> WebSocketError {
        switch error {
        case let error as WebSocketError:
            error
        case ChannelError.connectTimeout:
            WebSocketError(.timedOut, detail: "no WebSocket to \(place) in time")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            WebSocketError(.tls, detail: "no secure connection to \(place): \(tlsProblem(error))")
        case let error as ResponseHeadReader.Malformed:
            WebSocketError(.protocolViolation(.protocolError), detail: "the answer of \(place) makes no sense: \(error.problem)")
        case ChannelError.eof:
            WebSocketError(.cannotConnect, detail: "\(place) closed the connection without an answer")
        case let error as NIOConnectionError where error.connectionErrors.isEmpty:
            WebSocketError(.cannotConnect, detail: "cannot connect to \(place): there is no host '\(error.host)'")
        default:
            WebSocketError(.cannotConnect, detail: "cannot connect to \(place): \(connectProblem(error))")
        }
    }

    private func connectProblem(_ error: any Error) -> String {
        "\((error as? NIOConnectionError)?.connectionErrors.last?.error ?? error)"
    }

    /// In words; BoringSSL's own name the lines of its source.
    private func tlsProblem(_ error: any Error) -> String {
        switch error {
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            "its certificate is for another host"
        case NIOSSLError.handshakeFailed(let cause) where "\(cause)".contains("CERTIFICATE_VERIFY_FAILED"):
            "its certificate is not trusted, or not valid today"
        case NIOSSLError.handshakeFailed(let cause) where "\(cause)".contains("WRONG_VERSION_NUMBER"):
            "it does not speak TLS"
        case NIOSSLError.handshakeFailed:
            "the handshake failed"
        default:
            "\(error)"
        }
    }
}
