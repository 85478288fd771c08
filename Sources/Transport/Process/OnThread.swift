/// Runs work that blocks on a thread of its own, away from the few threads that everything else shares.
package func onThread<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let isStarted = startThread { continuation.resume(with: Result(catching: work).mapError { $0 as any Error }) }
        if !isStarted { continuation.resume(throwing: ChildError("there can be no more threads")) }
    }
}
