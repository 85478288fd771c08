/// What somebody is in a contact.
package struct ParticipantRole: WireName {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let customer = Self(rawValue: "CUSTOMER")
    package static let agent = Self(rawValue: "AGENT")
    package static let customBot = Self(rawValue: "CUSTOM_BOT")
    package static let supervisor = Self(rawValue: "SUPERVISOR")
    package static let system = Self(rawValue: "SYSTEM")

    package static let all = [customer, agent, customBot, supervisor, system]
}
