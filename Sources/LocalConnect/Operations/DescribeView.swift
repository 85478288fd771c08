import ConnectWire

extension DescribeViewRequest: ParticipantOperation {
    /// The token is what the path ends with.
    init(path: String, body: [UInt8]) throws(ServiceFault) {
        guard let token = PercentEncoding.decode(path.dropFirst(Self.operation.path.utf8.count)) else {
            throw ServiceFault(.validation, message: "ViewToken is not percent-encoded UTF-8")
        }
        self.init(viewToken: token)
        try validate()
    }

    func validate() throws(ServiceFault) {
        try Constraints.length(viewToken, 1...1000, "ViewToken")
        try Constraints.noControlCharacters(viewToken, "ViewToken")
    }

    /// Views exist where the admin API set them.
    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> DescribeViewResponse {
        guard let view = caller.contact.views[viewToken] else {
            throw ServiceFault(.resourceNotFound, message: "the contact has no view with this token")
        }
        return DescribeViewResponse(view: view)
    }
}
