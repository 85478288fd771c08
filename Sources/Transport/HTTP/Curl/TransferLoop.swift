/// What the transfer thread does: starts, feeds and ends transfers until its mailbox is closed.
final class TransferLoop {
    private let limits: CurlHTTPClient.Limits
    private let environment: CurlEnvironment
    private let mailbox: Mailbox
    private let multi: MultiHandle
    /// libcurl keeps real time, so what waits for it does too.
    private let time = SystemTime()

    private var transfers: [ObjectIdentifier: Transfer] = [:]
    private var queues: OriginQueues<Transfer>
    private var idleHandles: [EasyHandle] = []
    /// Where HTTP/2 has failed. libcurl 7.88 ends the stream of an answer without a length by resetting it, which servers take
    /// for an attack when it happens often, and then break off all that the connection carries.
    private var originsWithoutHTTP2: Set<String> = []
    private var nextSweep: Duration = .zero

    /// How late the end of its time may come to a request that waits for a place.
    private static let sweepInterval: Duration = .milliseconds(250)
    /// Far below what a `Duration`, or libcurl in milliseconds, can hold.
    private static let longestTimeout: Duration = .seconds(7 * 86_400)
    /// Each keeps its buffers, so only a few wait for the next request.
    private static let idleHandleLimit = 16
    private static let originLimit = 1_000

    init(limits: CurlHTTPClient.Limits, environment: CurlEnvironment, mailbox: Mailbox, multi: MultiHandle) {
        self.limits = limits
        self.environment = environment
        self.mailbox = mailbox
        self.multi = multi
        queues = OriginQueues(runningPerOrigin: limits.connectionsPerHost)
    }

    func run() {
        var isBroken = false
        while !isBroken {
            let (orders, isClosed) = mailbox.take()
            for order in orders { obey(order) }
            if isClosed { break }
            startWaiting()
            isBroken = !multi.perform()
            while let (transfer, code) = multi.nextDone() {
                if transfer.isBrokenHTTP2(code) { avoidHTTP2(transfer.exchange.url.origin) }
                end(transfer, transfer.result(code))
            }
            sweep()
            if queues.canStart || !mailbox.fallAsleep() { continue }
            isBroken = isBroken || !multi.poll(atMost: queues.waitingCount > 0 ? Self.sweepInterval : .seconds(60))
        }
        shutDown(isBroken ? "libcurl failed; the HTTP client is of no more use" : "the HTTP client was shut down")
    }

    private func obey(_ order: Mailbox.Order) {
        switch order {
        case .start(let exchange, let answer):
            let timeout = min(exchange.request.timeout, Self.longestTimeout)
            let transfer = Transfer(exchange, deadline: time.uptime + timeout, answer: answer)
            transfers[ObjectIdentifier(exchange)] = transfer
            queues.add(transfer, origin: exchange.url.origin)
        case .cancel(let exchange):
            cancel(exchange)
        }
    }

    private func cancel(_ exchange: Exchange) {
        guard let transfer = transfers[ObjectIdentifier(exchange)] else { return }
        if transfer.handle == nil { _ = queues.removeWaiting { $0 === transfer } }
        end(transfer, .failure(exchange.request.error(.cancelled, "cancelled")))
    }

    private func startWaiting() {
        while let transfer = queues.next() {
            guard let handle = idleHandles.popLast() ?? EasyHandle() else {
                queues.finished(origin: transfer.exchange.url.origin)
                end(transfer, .failure(transfer.exchange.request.error(.cannotConnect, "out of memory")))
                continue
            }
            start(transfer, on: handle)
        }
    }

    private func start(_ transfer: Transfer, on handle: EasyHandle) {
        do throws(HTTPError) {
            try transfer.prepare(on: handle, route(of: transfer))
            guard multi.add(handle) else { throw transfer.exchange.request.error(.cannotConnect, "libcurl cannot take the transfer") }
        } catch {
            end(transfer, .failure(error))
        }
    }

    private func route(of transfer: Transfer) -> EasyHandle.Route {
        EasyHandle.Route(
            environment: environment,
            proxy: transfer.exchange.proxy,
            connectTimeout: limits.connectTimeout,
            timeout: transfer.deadline - time.uptime,
            mayUseHTTP2: !originsWithoutHTTP2.contains(transfer.exchange.url.origin)
        )
    }

    private func avoidHTTP2(_ origin: String) {
        if originsWithoutHTTP2.count >= Self.originLimit { originsWithoutHTTP2.removeAll() }
        originsWithoutHTTP2.insert(origin)
    }

    /// Ends those whose time was over before there was a place for them.
    private func sweep() {
        guard queues.waitingCount > 0, time.uptime >= nextSweep else { return }
        let now = time.uptime
        nextSweep = now + Self.sweepInterval
        for transfer in queues.removeWaiting(where: { $0.deadline <= now }) { end(transfer, .failure(transfer.overdue)) }
    }

    /// The one way out for a transfer.
    private func end(_ transfer: Transfer, _ result: Result<HTTPResponse, HTTPError>) {
        transfers[ObjectIdentifier(transfer.exchange)] = nil
        if let running = transfer.handle {
            multi.remove(running)
            queues.finished(origin: transfer.exchange.url.origin)
        }
        if let handle = transfer.giveBackHandle(), idleHandles.count < Self.idleHandleLimit { idleHandles.append(handle) }
        mailbox.release()
        transfer.finish(result)
    }

    private func shutDown(_ reason: String) {
        mailbox.close()
        // What was posted between the last look and the closing.
        for order in mailbox.take().orders { obey(order) }
        for transfer in Array(transfers.values) {
            end(transfer, .failure(transfer.exchange.request.error(.cancelled, reason)))
        }
        idleHandles = []
        multi.close()
    }
}
