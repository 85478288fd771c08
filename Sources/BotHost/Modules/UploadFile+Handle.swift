import ActionKit
import Participant

extension UploadFile {
    /// A file as a value of the bot file: what `attach` takes.
    var handle: [String: JSON] {
        ["name": .string(name), "type": .string(contentType), "size": .number(JSONNumber(Int(size))), "sha256": .string(sha256)]
    }

    init?(handle: JSON) {
        guard let name = handle["name"]?.stringValue, let type = handle["type"]?.stringValue, let size = handle["size"]?.intValue,
            let sha256 = handle["sha256"]?.stringValue
        else { return nil }
        self.init(name: name, contentType: type, size: Int64(size), sha256: sha256)
    }
}
