import Dispatch
import Synchronization

/// Runs all tasks of a simulation, one job at a time, and knows when none of them can go on.
///
/// Children of a task with this preference run here, too, and so do the actors that they call; the order of jobs is the order in which they became
/// ready. Work that happens elsewhere, on SQLite's queue for example, is counted by ``begin()`` and ``end()``.
package final class SettlingExecutor: TaskExecutor {
    private struct State {
        /// Ready or running.
        var jobs = 0
        var workElsewhere = 0
        var waiting: [CheckedContinuation<Void, Never>] = []

        var isSettled: Bool { jobs == 0 && workElsewhere == 0 }
    }

    private let queue = DispatchQueue(label: "attache.simulation")
    private let state = Mutex(State())

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs += 1 }
        queue.async {
            job.runSynchronously(on: self.asUnownedTaskExecutor())
            self.change { $0.jobs -= 1 }
        }
    }

    /// Returns when nothing can go on without time passing. Called from a task that runs here, which does not count while it waits.
    package func settle() async {
        await withCheckedContinuation { continuation in
            change { $0.waiting.append(continuation) }
        }
    }

    func begin() {
        change { $0.workElsewhere += 1 }
    }

    func end() {
        change { $0.workElsewhere -= 1 }
    }

    private func change(_ change: (inout sending State) -> Void) {
        let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            change(&state)
            guard state.isSettled else { return [] }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in ready { continuation.resume() }
    }
}
