import ActionKit

// A module in a process of its own, as an author would write one: an action for each thing that actions can do. Tests call it.

let greet = Action("greet", "Greets somebody.", Parameter("who", String.self, "Whom"), readOnly: true) { who, context in
    print("greeting \(who)")  // which must not end up between the answers
    return .value(["greeting": "Hello, \(who)!", "contact": context.contact.id.map(JSON.string) ?? .null])
}

let list = Action("list", "Gives a list.", readOnly: true) { _ in .value([1, 2]) }

let file = Action(
    "file",
    "Makes a file.",
    Parameter("name", String.self, "Its name"),
    Parameter("size", Int.self, "In bytes", default: 2),
    idempotent: true
) { name, size, _ in
    guard (0...32 << 20).contains(size) else { throw ActionError("'size' is \(size); it must be 0 to 33554432") }
    return .file(GeneratedFile(name: name, contentType: "text/plain", content: .bytes(Array(repeating: UInt8(ascii: "x"), count: size))))
}

let ask = Action("ask", "Asks which order it is.") { context in
    guard let answers = context.answers else { return .ask(ActionQuestion("Which order?", [.required("order", .string)], state: "asked")) }
    guard let order = answers["order"] else { return .text("nothing then") }
    return .value(["order": order, "state": context.state.map(JSON.string) ?? .null])
}

let slow = Action("slow", "Takes three steps.", Parameter("milliseconds", Int.self, "Of each", default: 10)) { milliseconds, context in
    for step in 1...3 {
        await context.progress("step \(step)")
        try await Task.sleep(for: .milliseconds(milliseconds))
    }
    return .text("done")
}

let fail = Action("fail", "Fails.", Parameter("message", String?.self, "For the customer")) { message, _ in
    throw ActionError("the stock is empty", message: message)
}

try await Module(name: "sample", actions: [greet, list, file, ask, slow, fail]).serve()
