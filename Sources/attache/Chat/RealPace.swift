import Transport

/// Time that passes by itself.
struct RealPace: Pace {
    let time: any TimeSource

    var uptime: Duration { time.uptime }

    func settle() async {}

    func complete<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await work()
    }

    func goOn(until end: Duration, _ bell: Bell, after strikes: Int) async throws -> Bool {
        let isRung = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await bell.wait(after: strikes)
                return true
            }
            group.addTask {
                try? await time.sleep(for: max(.zero, end - time.uptime))
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
        try Task.checkCancellation()
        return isRung
    }

    func wait(_ duration: Duration) async throws {
        try await time.sleep(for: duration)
    }

    func advance(by duration: Duration) async throws {
        throw ScriptProblem(#"\advance needs the virtual clock of 'attache test'; \wait works here, too"#)
    }
}
