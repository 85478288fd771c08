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
        try await ServiceGroup(
            configuration: .init(
                services: services.map {
                    .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup, failureTerminationBehavior: .cancelGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: quiet
            )
        ).run()
    }
}
