package import ConnectWire
import Logging

/// Reads the transcript page by page, the newest first.
///
/// Backward from the end is the one direction whose meaning is sure: whether a start position is part of the answer, and what an unknown one
/// gives, is not documented (reference, section 6).
package struct TranscriptReader: Sendable {
    private let connection: ParticipantConnection

    package init(_ connection: ParticipantConnection) {
        self.connection = connection
    }

    /// Collects items until one of them is known, the transcript begins, or the limit is reached.
    /// - Parameter isKnown: Reading stops at the first such item, which is left out.
    /// - Returns: The items in the order of the transcript.
    package func items(limit: Int, until isKnown: (Item) -> Bool = { _ in false }) async throws -> [Item] {
        for _ in 1..<3 {
            do {
                return try await readBackward(limit: limit, until: isKnown)
            } catch let error as ParticipantError where error.isFault(.validation) {
                // A connection that was renewed between two pages makes the next page's token invalid: begin again.
                connection.api.logger.debug("the transcript is read from the start again", metadata: ["reason": "\(error)"])
            }
        }
        return try await readBackward(limit: limit, until: isKnown)
    }

    private func readBackward(limit: Int, until isKnown: (Item) -> Bool) async throws -> [Item] {
        var newestFirst: [Item] = []
        var nextToken: String?
        repeat {
            let page = try await connection.call(
                GetTranscriptRequest(maxResults: 100, nextToken: nextToken, scanDirection: .backward, sortOrder: .descending)
            )
            for item in page.transcript ?? [] {
                if newestFirst.count == limit || isKnown(item) { return newestFirst.reversed() }
                newestFirst.append(item)
            }
            nextToken = page.nextToken.flatMap { $0.isEmpty ? nil : $0 }
        } while nextToken != nil
        return newestFirst.reversed()
    }
}
