import ActionKit

/// What a message says. Interactive messages are JSON: their title and choices are what the customer saw.
enum MessageWording {
    private static let interactive = "application/vnd.amazonaws.connect.message.interactive"

    /// A message that cannot be read as what it says it is comes as it is.
    static func words(_ text: String, contentType: String?) -> String {
        guard contentType == interactive, let message = try? JSON(mending: text) else { return text }
        let lines = lines(of: message)
        return lines.isEmpty ? text : lines.joined(separator: "\n")
    }

    /// `{"templateType", "version", "data": {"content": {"title", "subtitle", "elements" | "timeslots"}}}`; a carousel's elements are
    /// templates themselves.
    private static func lines(of template: JSON) -> [String] {
        guard let content = template["data"]?[present: "content"] ?? template[present: "content"] else { return [] }
        let heading = [content["title"], content["subtitle"]].compactMap(\.?.stringValue)
        let choices = (content[present: "elements"] ?? content[present: "timeslots"])?.arrayValue ?? []
        return heading + choices.flatMap(choice)
    }

    private static func choice(_ element: JSON) -> [String] {
        let nested = lines(of: element)
        if !nested.isEmpty { return nested.map { "- \($0)" } }
        let words = [element["title"], element["subtitle"], element["date"]].compactMap(\.?.stringValue)
        return words.isEmpty ? [] : ["- " + words.joined(separator: ": ")]
    }
}
