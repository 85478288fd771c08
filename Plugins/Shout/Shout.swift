import ActionKit

/// The smallest native module: one action, which says things louder.
private let module = Module(
    name: "shout",
    actions: [
        Action(
            "shout",
            "Says it louder.",
            Parameter("text", String.self, "What to say"),
            Parameter("times", Int.self, "How often, 1 to 10", default: 1),
            readOnly: true
        ) { text, times, _ in
            guard (1...10).contains(times) else { throw ActionError("'times' is \(times); it must be 1 to 10") }
            return .text(Array(repeating: text.uppercased() + "!", count: times).joined(separator: " "))
        }
    ]
)

/// What the host looks for in the library.
@c(attache_module_v1)
public func attacheModule(_ host: UnsafeRawPointer?) -> UnsafeRawPointer? {
    module.exported(to: host)
}
