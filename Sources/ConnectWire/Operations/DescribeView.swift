/// A GET: the token is a part of the path, and there is no body.
package struct DescribeViewRequest: ParticipantRequest, Hashable {
    package typealias Response = DescribeViewResponse
    package static var operation: Operation { .describeView }

    package var viewToken: String

    package init(viewToken: String) {
        self.viewToken = viewToken
    }

    private enum CodingKeys: CodingKey {}

    package init(from decoder: any Decoder) throws {
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "DescribeView has no body"))
    }
}

package struct DescribeViewResponse: Hashable, Codable, Sendable {
    package var view: View?

    package init(view: View? = nil) {
        self.view = view
    }

    private enum CodingKeys: String, CodingKey {
        case view = "View"
    }
}

package struct View: Hashable, Codable, Sendable {
    package var id: String?
    package var arn: String?
    package var name: String?
    package var version: Int?
    package var content: ViewContent?

    package init(id: String? = nil, arn: String? = nil, name: String? = nil, version: Int? = nil, content: ViewContent? = nil) {
        self.id = id
        self.arn = arn
        self.name = name
        self.version = version
        self.content = content
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case arn = "Arn"
        case name = "Name"
        case version = "Version"
        case content = "Content"
    }
}

package struct ViewContent: Hashable, Codable, Sendable {
    package var inputSchema: String?
    package var template: String?
    package var actions: [String]?

    package init(inputSchema: String? = nil, template: String? = nil, actions: [String]? = nil) {
        self.inputSchema = inputSchema
        self.template = template
        self.actions = actions
    }

    private enum CodingKeys: String, CodingKey {
        case inputSchema = "InputSchema"
        case template = "Template"
        case actions = "Actions"
    }
}
