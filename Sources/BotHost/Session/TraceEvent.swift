package import ConnectWire

/// Something that happened in a session, for those who look on: a coverage report, or somebody who asks why.
package enum TraceEvent: Sendable {
    /// A turn was stored: what came in, the behaviours and steps that it began, and what it wants done.
    case turn(DialogueInput, reached: [SourceMark], effects: [DialogueEffect])
    /// An effect came to its end; with the item or the attachment that it became.
    case finished(EffectID, EffectOutcome, item: ItemID?, attachment: AttachmentID?)
}
