extension Action {
    /// The action as an entry of `tools/list`.
    package var tool: JSON {
        var tool: JSON = ["name": .string(name), "description": .string(description), "inputSchema": parameters.json]
        var hints: [String: JSON] = [:]
        if idempotent { hints["idempotentHint"] = true }
        if readOnly { hints["readOnlyHint"] = true }
        if !hints.isEmpty { tool["annotations"] = .object(hints) }
        return tool
    }
}

extension Module {
    /// The result of `tools/list`, complete in one page.
    package var toolList: JSON { ["tools": .array(actions.map(\.tool))] }
}
