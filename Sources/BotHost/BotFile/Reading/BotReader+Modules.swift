import ActionKit
import Transport

/// Where actions come from.
extension BotReader {
    mutating func modules(_ node: YAMLNode) -> [ModuleReference] {
        guard !node.isNull else { return [] }
        var modules: [ModuleReference] = []
        for entry in mapping(node, "'modules'") ?? [] {
            moduleNames.insert(entry.key)
            guard entry.key.utf8.allSatisfy({ isASCIIWord($0) }), !entry.key.isEmpty else {
                report("'\(entry.key)' cannot name a module: letters A to Z, digits, _ and -", at: entry.keyMark)
                continue
            }
            if builtInModules.contains(entry.key) {
                report("'\(entry.key)' is a built-in module, so no other can have that name", at: entry.keyMark)
                continue
            }
            guard let (kind, options) = module(entry.value) else { continue }
            modules.append(ModuleReference(name: entry.key, kind: kind, options: options, mark: entry.keyMark))
        }
        return modules
    }

    private mutating func module(_ node: YAMLNode) -> (ModuleReference.Kind, ModuleOptions)? {
        guard let entries = mapping(node, "a module") else { return nil }
        let carriers = entries.filter { BotLanguage.carriers.names.contains($0.key) }
        guard carriers.count == 1 else {
            if carriers.isEmpty, !checkKeys(entries, BotLanguage.module.names) { return nil }
            return refuse("a module has either 'mcp: [command, arguments...]' or 'library: name or path'", at: node.mark)
        }
        let isProcess = carriers[0].key == "mcp"
        for entry in entries where !isProcess && BotLanguage.processOptions.names.contains(entry.key) {
            return refuse("'\(entry.key)' is for modules with 'mcp': a native library runs in the host's own process", at: entry.keyMark)
        }
        guard checkKeys(entries, BotLanguage.module.names), let kind = moduleKind(node, carriers[0].value) else { return nil }
        return (kind, moduleOptions(node))
    }

    private mutating func moduleKind(_ node: YAMLNode, _ carrier: YAMLNode) -> ModuleReference.Kind? {
        if node["library"] != nil { return text(carrier, "'library'").map { .library($0) } }
        guard let words = carrier.elements, !words.isEmpty else {
            return refuse("'mcp' is a list: the command and its arguments", at: carrier.mark)
        }
        var texts: [String] = []
        for word in words { texts.append(text(word, "a word of the command") ?? "") }
        return .mcp(texts)
    }

    private mutating func moduleOptions(_ node: YAMLNode) -> ModuleOptions {
        var options = ModuleOptions()
        if let timeout = node["timeout"].flatMap({ duration($0, "'timeout'") }) { options.timeout = timeout }
        if let count = node["concurrency"].flatMap({ self.count($0, "'concurrency'", from: 1, upTo: ModuleOptions.concurrencyLimit) }) {
            options.concurrency = count
        }
        if let isTrusted = node["trust"].flatMap({ boolean($0, "'trust'") }) { options.trust = isTrusted ? .full : .denied }
        options.tools = node["tools"].flatMap { toolNames($0) }
        options.pin = node["pin"].flatMap { digest($0) }
        options.environment = node["env"].map { environment($0) } ?? [:]
        options.folder = node["cwd"].flatMap { text($0, "'cwd'") }
        if let start = node["start"].flatMap({ duration($0, "'start'") }) { options.startTime = start }
        if let limits = node["limits"] { options.limits = self.limits(limits) }
        if let isSandboxed = node["sandbox"].flatMap({ sandboxChoice($0) }) { options.isSandboxed = isSandboxed }
        if let era = node["protocol"].flatMap({ eraChoice($0) }) { options.era = era }
        return options
    }

    private mutating func toolNames(_ node: YAMLNode) -> [String]? {
        guard let elements = list(node, "'tools'") else { return nil }
        return elements.compactMap { text($0, "the name of an action") }
    }

    private mutating func digest(_ node: YAMLNode) -> String? {
        guard let text = text(node, "'pin'") else { return nil }
        let digits = text.dropFirst(ToolListing.digestPrefix.count)
        guard text.hasPrefix(ToolListing.digestPrefix), digits.count == 64, digits.allSatisfy(\.isHexDigit) else {
            return refuse("'pin' is what 'attache module list' prints: sha256: and 64 hexadecimal digits", at: node.mark)
        }
        return text.lowercased()
    }

    private mutating func environment(_ node: YAMLNode) -> [String: ModuleOptions.EnvironmentValue] {
        var environment: [String: ModuleOptions.EnvironmentValue] = [:]
        for entry in mapping(node, "'env'") ?? [] {
            guard !entry.key.isEmpty, !entry.key.contains("="), !entry.key.unicodeScalars.contains("\0") else {
                report("'\(entry.key)' cannot name a variable of the environment", at: entry.keyMark)
                continue
            }
            environment[entry.key] = environmentValue(entry.value)
        }
        return environment
    }

    private mutating func environmentValue(_ node: YAMLNode) -> ModuleOptions.EnvironmentValue? {
        guard let entries = node.entries else { return node.text == "" ? .text("") : text(node, "a variable's value").map { .text($0) } }
        guard checkKeys(entries, BotLanguage.environmentSource.names),
            let source = required("from", "a variable of the host's environment", in: node), let name = text(source, "'from'")
        else { return nil }
        guard !name.hasPrefix("ATTACHE_") else {
            return refuse("'\(name)' is the host's own: no module is given it", at: source.mark)
        }
        return .from(name)
    }

    private mutating func limits(_ node: YAMLNode) -> ChildLimits {
        var limits = ModuleOptions.defaultLimits
        guard let entries = mapping(node, "'limits'") else { return limits }
        checkKeys(entries, BotLanguage.limits.names)
        if let memory = node["memory"].flatMap({ bytes($0, "'memory'") }) { limits.memory = memory }
        if let processes = node["processes"].flatMap({ count($0, "'processes'", from: 1, upTo: 1_000_000) }) {
            limits.processes = processes
        }
        if let cpu = node["cpu"].flatMap({ duration($0, "'cpu'") }) { limits.cpu = max(1, Int(cpu.components.seconds)) }
        if let files = node["open_files"].flatMap({ count($0, "'open_files'", from: 8, upTo: 1_000_000) }) { limits.openFiles = files }
        if let size = node["file_size"].flatMap({ bytes($0, "'file_size'") }) { limits.fileSize = size }
        return limits
    }

    private mutating func sandboxChoice(_ node: YAMLNode) -> Bool? {
        guard let choice = text(node, "'sandbox'") else { return nil }
        guard let place = BotLanguage.sandboxChoices.firstIndex(of: choice) else {
            return refuse(unknown("sandbox", choice, BotLanguage.sandboxChoices), at: node.mark)
        }
        return place == 0
    }

    private mutating func eraChoice(_ node: YAMLNode) -> ModuleOptions.EraChoice? {
        guard let name = text(node, "'protocol'") else { return nil }
        if let era = ModuleOptions.EraChoice(rawValue: name) { return era }
        return refuse(unknown("protocol", name, ModuleOptions.EraChoice.allCases.map(\.rawValue)), at: node.mark)
    }
}
