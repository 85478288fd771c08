/// How far a file is, as one line.
struct UploadText {
    let upload: ShownUpload

    init(_ upload: ShownUpload) {
        self.upload = upload
    }

    var text: String {
        let reason = upload.reason.map { ": \($0)" } ?? ""
        return "\(upload.name): \(upload.state), \(Self.size(upload.size))\(reason)"
    }

    /// With a bar, for a line that is drawn over and over; 62 columns at most.
    var bar: String {
        let share = upload.size > 0 ? min(1, Double(upload.sentBytes) / Double(upload.size)) : 1
        let width = 20
        let full = Int((share * Double(width)).rounded())
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        let name = upload.name.count > 20 ? upload.name.prefix(17) + "..." : upload.name[...]
        return "[\(bar)] \(Int(share * 100))% \(name) \(upload.state)"
    }

    static func size(_ bytes: Int64) -> String {
        switch bytes {
        case ..<1024: "\(bytes) bytes"
        case ..<(1024 * 1024): "\(bytes / 1024) KiB"
        default: "\(bytes / 1024 / 1024) MiB"
        }
    }
}
