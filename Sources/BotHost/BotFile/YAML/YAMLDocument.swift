import Yams

/// Reads YAML as values with places. What YAML allows and a bot file has no use for (tags, keys that are no text) is refused.
struct YAMLDocument {
    /// In bytes of UTF-8.
    static let sizeLimit = 1 << 20
    static let depthLimit = 64
    /// With every alias counted as what it stands for.
    static let valueLimit = 50_000

    let source: SourceText
    private(set) var diagnostics: [Diagnostic] = []
    private var values = 0

    /// The root of the document, if it can be read, and what is wrong with it.
    static func read(_ text: String, _ source: SourceText) -> (YAMLNode?, [Diagnostic]) {
        let start = SourceMark(line: 1, column: 1)
        guard text.utf8.count <= sizeLimit else {
            let problem = "the file has \(text.utf8.count) bytes; a bot file may have \(sizeLimit)"
            return (nil, [Diagnostic(file: source.path, mark: start, message: problem, sourceLine: "")])
        }
        if let mark = AliasKeys.first(in: source) {
            return (nil, [source.diagnostic("a key is a text: it cannot be an alias, a list or a mapping", at: mark)])
        }
        do {
            // No resolver: what a plain scalar means depends on what is expected in its place.
            guard let root = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
                return (nil, [source.diagnostic("the file is empty", at: start)])
            }
            var document = YAMLDocument(source: source)
            let node = document.convert(root, depth: 0)
            return (node, document.diagnostics)
        } catch {
            return (nil, [YAMLProblem.diagnostic(of: error, in: source)])
        }
    }

    private init(source: SourceText) {
        self.source = source
    }

    private mutating func report(_ message: String, at mark: SourceMark) {
        diagnostics.append(source.diagnostic(message, at: mark))
    }

    /// Nil once a limit has been passed: then nothing that follows is of use.
    private mutating func convert(_ node: Yams.Node, depth: Int) -> YAMLNode? {
        let mark = SourceMark(node.mark)
        values += 1
        guard values <= Self.valueLimit else {
            if values == Self.valueLimit + 1 {
                report("the file stands for more than \(Self.valueLimit) values, counting what its aliases stand for", at: mark)
            }
            return nil
        }
        guard depth < Self.depthLimit else {
            report(YAMLProblem.tooDeep, at: mark)
            return nil
        }
        switch node {
        case .scalar(let scalar):
            refuseTag(of: node, unless: .str, at: mark)
            return YAMLNode(content: .scalar(scalar.string, isPlain: scalar.style == .plain), mark: mark)
        case .sequence(let sequence):
            refuseTag(of: node, unless: .seq, at: mark)
            var elements: [YAMLNode] = []
            for element in sequence {
                guard let element = convert(element, depth: depth + 1) else { return nil }
                elements.append(element)
            }
            return YAMLNode(content: .sequence(elements), mark: mark)
        case .mapping(let mapping):
            refuseTag(of: node, unless: .map, at: mark)
            if let template = unquotedTemplate(mapping, at: mark) { return template }
            return convert(mapping, at: mark, depth: depth)
        case .alias:
            // The parser has put in what it stands for.
            return nil
        }
    }

    private mutating func convert(_ mapping: Yams.Node.Mapping, at mark: SourceMark, depth: Int) -> YAMLNode? {
        var entries: [YAMLNode.Entry] = []
        for (key, value) in mapping {
            let keyMark = SourceMark(key.mark)
            guard let value = convert(value, depth: depth + 1) else { return nil }
            guard case .scalar(let name) = key else {
                report("a key is a text: it cannot be a list or a mapping", at: keyMark)
                continue
            }
            if name.string == "<<", name.style == .plain {
                report("'<<' does not merge in YAML 1.2: write the keys out", at: keyMark)
                continue
            }
            entries.append(YAMLNode.Entry(key: name.string, keyMark: keyMark, value: value))
        }
        return YAMLNode(content: .mapping(entries), mark: mark)
    }

    /// `{{x}}` without quotes is a mapping whose key is a mapping. Reported; read as what was meant.
    private mutating func unquotedTemplate(_ mapping: Yams.Node.Mapping, at mark: SourceMark) -> YAMLNode? {
        guard mapping.count == 1, let (key, _) = mapping.first, case .mapping = key else { return nil }
        let rest = source.rest(from: mark)
        guard rest.hasPrefix("{{"), let end = rest.firstRange(of: "}}")?.upperBound else { return nil }
        report(YAMLProblem.unquotedTemplate(rest), at: mark)
        return YAMLNode(content: .scalar(String(rest[..<end]), isPlain: false), mark: mark)
    }

    private mutating func refuseTag(of node: Yams.Node, unless expected: Tag.Name, at mark: SourceMark) {
        let tag = node.tag.description
        guard tag != expected.rawValue else { return }
        report("the tag '\(tag.replacing("tag:yaml.org,2002:", with: "!!"))' has no meaning here: leave it out", at: mark)
    }
}

extension SourceMark {
    init(_ mark: Yams.Mark?) {
        self.init(line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}
