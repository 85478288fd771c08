package import ActionKit

extension Module {
    /// The built-in module `documents`: makes files of what was said and what was bought.
    package static var documents: Module {
        Module(name: "documents", actions: [.transcript, .receipt, .table])
    }
}
