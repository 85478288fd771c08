import ActionKit
import Actions
import FoundationEssentials
import Testing

/// 2026-01-02T10:11:12.345Z
let noon = Date(timeIntervalSince1970: 1_767_348_672.345)

/// Calls an action of the module as the host does.
func call(_ action: String, _ arguments: [String: JSON], transcript: [TranscriptEntry] = []) async throws -> ActionResult {
    let context = ActionContext(
        contact: .init(id: "c-1"),
        participant: .init(id: "p-1", role: "CUSTOM_BOT", displayName: "Receipts"),
        now: noon
    ) { transcript }
    return try await #require(Module.documents[action: action]).call(arguments, in: context)
}

extension GeneratedFile {
    var text: String {
        if case .bytes(let bytes) = content { String(decoding: bytes, as: UTF8.self) } else { "not bytes" }
    }
}

extension JSON {
    /// A number with exactly this text.
    static func exact(_ text: String) -> JSON {
        JSONNumber(exactly: text).map(JSON.number) ?? .null
    }
}
