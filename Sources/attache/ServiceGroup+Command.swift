import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceGroup {
    /// Runs services until one of them is done or a signal stops them; a second signal ends the process at once.
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
