/// Why an action could not do what it was asked.
public struct ActionError: Error, Hashable, CustomStringConvertible {
    /// For the log and the author of the bot: what is wrong, where, and what to do about it. Never sent into a chat.
    public let reason: String
    /// For the person in the chat, where there is something they can do or should know.
    public let message: String?

    /// - Parameters:
    ///   - reason: What is wrong, where, and what to do about it.
    ///   - message: What the person in the chat may read. Without it, the reason stands in for it where a bot shows one.
    public init(_ reason: String, message: String? = nil) {
        self.reason = reason
        self.message = message
    }

    public var description: String { reason }
}
