/// Characters, as Unicode code points, that a line of the log has room for. What is told there came from outside, and may be of any length.
enum LogRoom: Int {
    case message = 8192
    case value = 1024
}

extension String {
    /// The text, or its beginning and how long the whole was.
    func cutForLog(_ room: LogRoom) -> String {
        guard utf8.count > room.rawValue, unicodeScalars.count > room.rawValue else { return self }
        return "\(String(unicodeScalars.prefix(room.rawValue)))... (\(utf8.count) bytes)"
    }
}
