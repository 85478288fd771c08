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

    /// Collects items until known ones are met, the transcript begins, or the limit is reached.
    /// - Parameter overlap: How many known items are read past before reading stops at the next.
    /// - Parameter isKnown: Such items are left out.
    /// - Returns: The items in the order of the transcript, each once.
    /// - Throws: As ``ParticipantConnection/call(_:)``.
    package func items(limit: Int, overlap: Int = 0, until isKnown: (Item) -> Bool = { _ in false }) async throws -> [Item] {
        guard limit > 0 else { return [] }
        var tries = 0
        while true {
            tries += 1
            do {
                return try await read(limit: limit, overlap: overlap, until: isKnown)
            } catch let lost as PageTokenLost {
                connection.api.logger.debug("the transcript is read from the start again", metadata: ["reason": "\(lost.error)"])
                if tries == 3 { throw lost.error }
            }
        }
    }

    /// A connection that was renewed between two pages makes the next page's token invalid.
    private struct PageTokenLost: Error {
        var error: ParticipantError
    }

    private func read(limit: Int, overlap: Int, until isKnown: (Item) -> Bool) async throws -> [Item] {
        var newestFirst: [Item] = []
        var ids: Set<ItemID> = []
        var knownItems = 0
        var barrenPages = 0
        var nextToken: String?
        // A service that leads in circles is not followed for ever.
        while barrenPages < 10 {
            let page = try await page(upTo: min(limit, 100), after: nextToken)
            barrenPages += 1
            for item in page.transcript ?? [] {
                if isKnown(item) {
                    if knownItems == overlap { return newestFirst.reversed() }
                    knownItems += 1
                } else if ids.insert(item.id).inserted {
                    newestFirst.append(item)
                    if newestFirst.count == limit { return newestFirst.reversed() }
                    barrenPages = 0
                }
            }
            guard let next = page.nextToken, !next.isEmpty else { break }
            nextToken = next
        }
        return newestFirst.reversed()
    }

    private func page(upTo size: Int, after nextToken: String?) async throws -> GetTranscriptResponse {
        do {
            let page = try await connection.call(
                GetTranscriptRequest(maxResults: size, nextToken: nextToken, scanDirection: .backward, sortOrder: .descending)
            )
            if page.unreadableItems > 0 {
                connection.api.logger.warning(
                    "items of the transcript are left out: they have no id, time or type that can be read",
                    metadata: ["count": "\(page.unreadableItems)"]
                )
            }
            return page
        } catch let error as ParticipantError where nextToken != nil && error.reaction == .fromFirstPage {
            throw PageTokenLost(error: error)
        }
    }
}
