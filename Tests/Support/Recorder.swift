import Synchronization

/// Writes down what happens, from whichever task.
package final class Recorder<Element: Sendable>: Sendable {
    private let entries = Mutex<[Element]>([])

    package init() {}

    package var values: [Element] { entries.withLock { $0 } }

    /// - Returns: How many there were before.
    @discardableResult
    package func append(_ element: Element) -> Int {
        entries.withLock { entries in
            entries.append(element)
            return entries.count - 1
        }
    }
}
