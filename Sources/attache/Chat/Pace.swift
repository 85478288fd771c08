/// How time passes in chats: by itself, or only when it is told to.
protocol Pace: Sendable {
    var uptime: Duration { get }

    /// Returns when nothing can go on without time passing, as far as that can be known.
    func settle() async

    /// Does something, and lets no more time pass than it needs.
    func complete<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value

    /// Lets time pass until something may have happened: the bell was rung more often than `strikes`, or a timer has fired.
    /// - Returns: False when it was `end` first.
    func goOn(until end: Duration, _ bell: Bell, after strikes: Int) async throws -> Bool

    func wait(_ duration: Duration) async throws

    /// As ``wait(_:)``, but on the virtual clock alone.
    func advance(by duration: Duration) async throws
}
