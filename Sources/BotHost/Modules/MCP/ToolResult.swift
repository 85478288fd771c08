package import ActionKit
import ConnectWire
import Foundation
import Glibc

/// What an action has come to, out of the result of MCP's `tools/call`.
package enum ToolResult: Hashable, Sendable {
    case done(value: JSON, files: [MadeFile])
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
    private(set) var files: [MadeFile] = []
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
        try add(MadeFile(name: name ?? defaultName(type), contentType: type, content: .generated(.bytes([UInt8](bytes)))))
    }

    private mutating func add(link uri: String, name: String?, type: String?) throws(ModuleFailure) {
        guard let url = URL(string: uri), url.isFileURL, ["", "localhost"].contains(url.host() ?? "") else {
            throw .broken("it links '\(uri.prefix(200))': only file: links into its spool folder can be sent")
        }
        let file = try open(url.path)
        // What the service would refuse need not fill the store.
        let limit = AttachmentRules.documented.maximumSize
        guard file.size <= limit else {
            throw .broken("it links '\(url.path.prefix(200))', which is larger than the \(limit >> 20) MiB of an attachment")
        }
        let name = name.flatMap(fileName) ?? url.lastPathComponent
        try add(MadeFile(name: name, contentType: type ?? "application/octet-stream", content: .open(file)))
    }

    /// Opens a file once, and looks at what it has opened: a module may change what a name stands for at any moment.
    private func open(_ path: String) throws(ModuleFailure) -> OpenFile {
        // A module may know its folder by the path without links.
        let roots = [spool, SandboxRules.resolved(spool) ?? spool]
        guard let root = roots.first(where: { path.hasPrefix($0 + "/") }) else {
            throw .broken("it links '\(path.prefix(200))', which is not in its spool folder (BOT_SPOOL_DIR)")
        }
        let file: OpenFile
        do {
            file = try OpenFile(beneath: root, path: String(path.dropFirst(root.count + 1)))
        } catch {
            switch error {
            case .notThere, .noFile: throw .broken("it links '\(path.prefix(200))', where there is no file")
            case .unreadable: throw .broken("it links '\(path.prefix(200))', which cannot be read")
            }
        }
        // A file of somebody else, or one that has a name elsewhere, was not made here.
        guard file.owner == geteuid(), file.hasOneName else {
            throw .broken(
                "it links '\(path.prefix(200))', which is not a file of its own: it is somebody else's, or has another name (hard link)"
            )
        }
        return file
    }

    private mutating func add(_ file: MadeFile) throws(ModuleFailure) {
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
