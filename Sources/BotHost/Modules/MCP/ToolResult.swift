package import ActionKit
import ConnectWire
import Foundation

/// What an action has come to, out of the result of MCP's `tools/call`.
package enum ToolResult: Hashable, Sendable {
    case done(value: JSON, files: [GeneratedFile])
    case question(Inquiry)

    /// - Parameter spool: The module's folder, from which alone it may send files.
    /// - Throws: ``ModuleFailure``: ``ModuleFailure/failed(_:)`` when the action says that it failed.
    package init(_ result: JSON, spool: String) throws(ModuleFailure) {
        if result["resultType"]?.stringValue == "input_required" {
            self = .question(try Inquiry(result))
            return
        }
        if let type = result["resultType"]?.stringValue, type != "complete" {
            throw .broken("the result type '\(type.prefix(50))' is not known")
        }
        var content = ToolContent(spool: spool)
        for item in result["content"]?.arrayValue ?? [] { try content.append(item) }
        if result["isError"]?.boolValue ?? false {
            let text = content.text.isEmpty ? "the action failed" : String(content.text.prefix(1000))
            throw .failed(text)
        }
        let structured = result["structuredContent"] ?? .null
        let value = structured.isNull ? (content.text.isEmpty ? .null : .string(content.text)) : structured
        self = .done(value: value, files: content.files)
    }
}

/// The `content` of a result.
private struct ToolContent {
    private(set) var text = ""
    private(set) var files: [GeneratedFile] = []
    private let spool: String

    private static let fileLimit = 32

    init(spool: String) {
        self.spool = spool
    }

    mutating func append(_ item: JSON) throws(ModuleFailure) {
        switch item["type"]?.stringValue {
        case "text": add(item["text"]?.stringValue ?? "")
        case "image", "audio":
            try add(blob: item["data"], name: nil, type: item["mimeType"]?.stringValue)
        case "resource":
            let resource = item["resource"] ?? .null
            if let text = resource["text"]?.stringValue {
                add(text)
            } else {
                try add(
                    blob: resource["blob"],
                    name: resource["uri"]?.stringValue.flatMap(fileName),
                    type: resource["mimeType"]?.stringValue
                )
            }
        case "resource_link":
            try add(link: item["uri"]?.stringValue ?? "", name: item["name"]?.stringValue, type: item["mimeType"]?.stringValue)
        // Kinds to come are no reason to refuse the rest.
        default: break
        }
    }

    private mutating func add(_ text: String) {
        self.text += self.text.isEmpty ? text : "\n" + text
    }

    private mutating func add(blob: JSON?, name: String?, type: String?) throws(ModuleFailure) {
        guard let encoded = blob?.stringValue, let bytes = Data(base64Encoded: encoded) else {
            throw .broken("a file in its result is not in base64")
        }
        let type = type ?? "application/octet-stream"
        try add(GeneratedFile(name: name ?? defaultName(type), contentType: type, content: .bytes([UInt8](bytes))))
    }

    private mutating func add(link uri: String, name: String?, type: String?) throws(ModuleFailure) {
        guard let url = URL(string: uri), url.isFileURL else {
            throw .broken("it links '\(uri.prefix(200))': only file: links into its spool folder can be sent")
        }
        let root = URL(fileURLWithPath: spool).resolvingSymlinksInPath().path
        let path = url.standardizedFileURL.resolvingSymlinksInPath().path
        guard path.hasPrefix(root + "/") else {
            throw .broken("it links '\(url.path.prefix(200))', which is not in its spool folder (BOT_SPOOL_DIR)")
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw .broken("it links '\(url.path.prefix(200))', where there is no file")
        }
        // What the service would refuse need not fill the store.
        let limit = AttachmentRules.documented.maximumSize
        guard let size = (attributes?[.size] as? NSNumber)?.int64Value, size <= limit else {
            throw .broken("it links '\(url.path.prefix(200))', which is larger than the \(limit >> 20) MiB of an attachment")
        }
        let name = name.flatMap(fileName) ?? url.lastPathComponent
        try add(GeneratedFile(name: name, contentType: type ?? "application/octet-stream", content: .path(path)))
    }

    private mutating func add(_ file: GeneratedFile) throws(ModuleFailure) {
        guard files.count < Self.fileLimit else { throw .broken("it gives more than \(Self.fileLimit) files at once") }
        files.append(file)
    }

    private func fileName(_ uri: String) -> String? {
        let last = uri.split(separator: "/").last.map(String.init) ?? ""
        return last.isEmpty ? nil : last.removingPercentEncoding ?? last
    }

    private func defaultName(_ type: String) -> String {
        let endings = [
            "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "application/pdf": "pdf", "text/plain": "txt", "text/csv": "csv",
            "audio/wav": "wav", "audio/mpeg": "mp3", "application/json": "json",
        ]
        return "file-\(files.count + 1)" + (endings[type].map { ".\($0)" } ?? "")
    }
}
