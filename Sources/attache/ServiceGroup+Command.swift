import Glibc
import Logging
import ServiceLifecycle
import Transport
import UnixSignals

extension ServiceGroup {
    /// Runs services until one of them is done or a signal stops them; a second signal ends the process at once.
    /// - Parameter http: Shut down afterwards: OpenSSL's handlers at exit must not meet its thread.
    static func run(_ services: [any Service], closing http: CurlHTTPClient, logger: Logger) async throws {
        do {
            try await run(services, logger: logger)
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
    }

    static func run(_ services: [any Service], logger: Logger) async throws {
        // The group describes its services whole at its debug level, bot files and all.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let group = ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .cancelGroup)
                },
                gracefulShutdownSignals: stopSignals,
                logger: quiet
            )
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await endAtSecondSignal() }
            defer { tasks.cancelAll() }
            try await group.run()
        }
    }

    private static let stopSignals: [UnixSignal] = [.sigterm, .sigint]

    /// The group takes no notice of signals after the first. The store stands a death at any time.
    private static func endAtSecondSignal() async {
        var signals = await UnixSignalsSequence(trapping: stopSignals).makeAsyncIterator()
        guard await signals.next() != nil, let second = await signals.next() else { return }
        Terminal.tell("ended at once by a second signal; what was not done is done after the next start")
        _exit(128 + second.rawValue)
    }
}
