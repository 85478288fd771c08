/// What a test waits for, in the order in which it came.
package struct Inbox<Element: Sendable>: Sendable {
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    package func put(_ element: Element) {
        continuation.yield(element)
    }

    /// The next one, as soon as it comes. One task at a time waits.
    /// - Throws: `CancellationError`, also when a test's time limit is over.
    package func next() async throws -> Element {
        var iterator = stream.makeAsyncIterator()
        guard let element = await iterator.next() else { throw CancellationError() }
        return element
    }
}
