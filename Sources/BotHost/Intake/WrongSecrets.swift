import Logging
import Synchronization
import Transport

/// Keeps those waiting who come with a wrong secret, and writes them down.
final class WrongSecrets: Sendable {
    private let ledger = Mutex(WrongSecretLedger())
    private let time: any TimeSource
    private let logger: Logger

    init(time: any TimeSource, logger: Logger) {
        self.time = time
        self.logger = logger
    }

    /// Returns when the request may be answered; false at once where too many wait for that already.
    func wait(_ address: String) async -> Bool {
        let verdict = ledger.withLock { $0.note(address, at: time.uptime) }
        if verdict.isReported {
            logger.warning("the intake was called with a wrong secret", metadata: ["address": "\(address)", "times": "\(verdict.count)"])
        }
        guard let delay = verdict.delay else { return false }
        try? await time.sleep(for: delay)
        ledger.withLock { $0.release(address) }
        return true
    }
}
