import ActionKit

extension Transcript {
    /// The transcript for programs: a row for each message and event, and one for each attachment.
    var table: CSVTable {
        var table = CSVTable(header: [
            "time", "id", "kind", "role", "name", "content_type", "text", "attachment_id", "attachment_name", "attachment_type",
            "attachment_status",
        ])
        for entry in entries {
            if entry.attachments.isEmpty { table.append(entry.cells(nil)) }
            for attachment in entry.attachments { table.append(entry.cells(attachment)) }
        }
        return table
    }
}

extension TranscriptEntry {
    fileprivate func cells(_ attachment: Attachment?) -> [CSVTable.Cell] {
        let cells = [
            time.iso8601, id, kindName, role, displayName, contentType, words,
            attachment?.id, attachment?.name, attachment?.contentType, attachment?.status,
        ]
        return cells.map { $0.map(CSVTable.Cell.text) ?? .empty }
    }

    private var kindName: String {
        switch kind {
        case .message: "MESSAGE"
        case .event: "EVENT"
        case .attachment: "ATTACHMENT"
        case .other(let name): name
        }
    }
}
