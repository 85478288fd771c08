import ActionKit

/// The names that the file gives to values, and in which behaviours.
struct GivenNames {
    /// Nil for a name of the session, which every behaviour sees.
    private var places: [String: Set<BlockID?>] = [:]

    var all: Set<String> { Set(places.keys) }

    mutating func note(_ name: String, in behaviour: BlockID?) {
        places[name, default: []].insert(behaviour)
    }

    /// Whether the name can have a value where it is used: of the session, or given in one of the behaviours.
    func isGiven(_ name: String, in behaviours: Set<BlockID>) -> Bool {
        places[name]?.contains { $0.map(behaviours.contains) ?? true } ?? false
    }
}

/// Where the file uses a value.
struct UsedName {
    let name: String
    let mark: SourceMark
    let behaviour: BlockID?
    /// Whether it may be missing there.
    let isOptional: Bool
}

extension BotReader {
    mutating func use(_ name: String, at mark: SourceMark, isOptional: Bool = false) {
        namesUsed.append(UsedName(name: name, mark: mark, behaviour: behaviour, isOptional: isOptional))
    }

    /// What is used but never given a value can only fail; what only another behaviour gives has none in this one.
    mutating func checkNames() {
        let families = families()
        let given = namesGiven.all
        let known = given.union(Scope.givenNames)
        // A name that is misspelt a thousand times is looked up once.
        var meant: [String: String?] = [:]
        for use in namesUsed where !Scope.givenNames.contains(use.name) {
            guard given.contains(use.name) else {
                let similar = meant[use.name] ?? nearest(to: use.name, in: known)
                meant.updateValue(similar, forKey: use.name)
                let hint = similar.map { " Did you mean '\($0)'?" } ?? " 'variables', 'set', 'as' and the groups of patterns do."
                report("nothing gives '\(use.name)' a value.\(hint)", at: use.mark)
                continue
            }
            guard let behaviour = use.behaviour, !use.isOptional else { continue }
            let family = families[behaviour] ?? [behaviour]
            if !namesGiven.isGiven(use.name, in: family) {
                let message =
                    "nothing in this behaviour gives '\(use.name)' a value: captures and 'as' belong to one run, 'set' to the session"
                report(message, at: use.mark, severity: .warning)
            }
        }
    }

    /// For each behaviour those that share their runs' values with it, because one runs the other; itself among them.
    private func families() -> [BlockID: Set<BlockID>] {
        var neighbours: [BlockID: [BlockID]] = [:]
        for body in blocks.indices.map(BlockID.init) where blocks[body.rawValue].isBody {
            for other in runs(from: body) {
                neighbours[body, default: []].append(other)
                neighbours[other, default: []].append(body)
            }
        }
        var families: [BlockID: Set<BlockID>] = [:]
        for body in neighbours.keys where families[body] == nil {
            var family: Set<BlockID> = [body]
            var open = [body]
            while let next = open.popLast() {
                open += (neighbours[next] ?? []).filter { family.insert($0).inserted }
            }
            for member in family { families[member] = family }
        }
        return families
    }

    /// The behaviours that the steps of a block run, at any depth of branches.
    private func runs(from block: BlockID) -> [BlockID] {
        blocks[block.rawValue].steps.flatMap { step in
            step.branches.flatMap { blocks[$0.rawValue].isBody ? [$0] : runs(from: $0) }
        }
    }
}

extension Step {
    /// The step lists that belong to the step, and the behaviour that it runs.
    var branches: [BlockID] {
        let own: [BlockID?] =
            switch kind {
            case .branch(_, let then, let other): [then, other]
            case .each(_, let body), .run(let body): [body]
            default: []
            }
        return (own + [otherwise]).compactMap { $0 }
    }
}
