/// An identifier of one kind of thing; identifiers of different kinds do not mix.
///
/// The service's identifiers are UUIDs as a rule, but the model promises only a length (1 to 256), so they are kept as text.
package struct Identifier<Thing>: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }
}

extension Identifier: Codable {}

extension Identifier: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self.init(value)
    }
}

extension Identifier: CustomStringConvertible {
    package var description: String { rawValue }
}

/// The things that have identifiers.
package enum Thing {
    package enum Instance {}
    package enum ContactFlow {}
    package enum Contact {}
    package enum Participant {}
    package enum Item {}
    package enum Attachment {}
}

package typealias InstanceID = Identifier<Thing.Instance>
package typealias ContactFlowID = Identifier<Thing.ContactFlow>
package typealias ContactID = Identifier<Thing.Contact>
package typealias ParticipantID = Identifier<Thing.Participant>
package typealias ItemID = Identifier<Thing.Item>
package typealias AttachmentID = Identifier<Thing.Attachment>
