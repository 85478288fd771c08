import ConnectWire
import Participant

/// What became of an effect.
struct EffectResult: Sendable {
    var outcome: EffectOutcome
    /// For telling the echo from what others say.
    var own: EchoFilter.OwnItem?
    /// Files that an action made. They are in the spool.
    var files: [UploadFile] = []

    static func failed(_ reason: String, _ kind: StepFailure.Kind = .failed) -> Self {
        Self(outcome: .failed(reason, kind))
    }
}
