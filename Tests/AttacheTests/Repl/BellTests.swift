import Testing

@testable import attache

@Suite("The bell")
struct BellTests {
    @Test("Who waits is woken, and a stroke between looking and waiting is not missed")
    func ringing() async {
        let bell = Bell()
        let before = bell.strikes
        bell.ring()
        await bell.wait(after: before)
        await withTaskGroup(of: Void.self) { group in
            let strikes = bell.strikes
            for _ in 1...10 { group.addTask { await bell.wait(after: strikes) } }
            bell.ring()
        }
        #expect(bell.strikes == 2)
    }

    @Test("Who is cancelled waits no longer")
    func cancelling() async {
        let bell = Bell()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait(after: 0) }
            group.cancelAll()
        }
        #expect(bell.strikes == 0)
    }
}
