import ActionKit
import Transport

/// Finds out how an MCP server is spoken to, and what it can do.
struct MCPHandshake {
    let peer: RPCPeer
    let time: any TimeSource
    /// How long a server may take to start. Some load for a while before they read anything.
    let startTime: Duration

    /// A server that does not answer in the protocol of today within this is also asked in that of before.
    private static let probeTime = Duration.seconds(2)
    static let answerTime = Duration.seconds(10)
    private static let pageLimit = 100
    private static let unsupportedVersion = RPCError.unsupportedVersion("", supported: []).code

    func era(_ choice: ModuleOptions.EraChoice) async throws -> MCPEra {
        do {
            return try await time.withTimeout(startTime) {
                switch choice {
                case .auto: return try await probe()
                case .modern:
                    if try await isModern() { return .modern }
                    throw ModuleFailure.broken("it does not know 'server/discover'")
                case .legacy:
                    if let legacy = try await initialize() { return legacy }
                    throw Self.refusesBoth
                }
            }
        } catch is TimeoutError {
            throw ModuleFailure.broken(
                "it does not answer within \(startTime.briefly) of its start; 'start' in the bot file may give it more"
            )
        }
    }

    private static let refusesBoth = ModuleFailure.broken("it refuses both 'server/discover' and 'initialize'")

    private enum Finding {
        case discovery(isModern: Bool)
        case probeTimePassed
        /// Nil for a server that holds to the newer protocol.
        case initialization(MCPEra?)
    }

    /// Asks in the newer protocol, then, where that is refused or not answered soon, in the older one as well. A server that was only slow has
    /// read the first question first and holds to that, so its late answer counts.
    private func probe() async throws -> MCPEra {
        try await withThrowingTaskGroup(of: Finding.self) { group in
            group.addTask { .discovery(isModern: try await isModern()) }
            group.addTask {
                try await time.sleep(for: Self.probeTime)
                return .probeTimePassed
            }
            defer { group.cancelAll() }
            var isDiscovered = false
            var isInitializing = false
            while let finding = try await group.next() {
                switch finding {
                case .discovery(isModern: true): return .modern
                case .discovery(isModern: false): isDiscovered = true
                case .probeTimePassed: break
                case .initialization(let era?): return era
                case .initialization(nil):
                    if isDiscovered { throw Self.refusesBoth }
                    continue
                }
                if !isInitializing {
                    isInitializing = true
                    group.addTask { .initialization(try await initialize()) }
                }
            }
            throw Self.refusesBoth
        }
    }

    /// Any error means the older protocol: servers differ in how they refuse what they do not know.
    private func isModern() async throws -> Bool {
        switch try await peer.request("server/discover", MCPEra.discovery, isCancellable: false) {
        case .success(let result):
            let versions = result["supportedVersions"]?.arrayValue ?? []
            return versions.contains(.string(MCP.modernVersion))
        case .failure(let error) where error.code == Self.unsupportedVersion:
            let supported = (error.data?["supported"]?.arrayValue ?? []).compactMap(\.stringValue)
            if supported.contains(where: MCP.legacyVersions.contains) { return false }
            let versions = supported.prefix(5).map { $0.prefix(20) }.joined(separator: ", ")
            throw ModuleFailure.broken("it speaks MCP \(versions), and this program \(MCP.modernVersion) and before")
        case .failure: return false
        }
    }

    private func initialize() async throws -> MCPEra? {
        switch try await peer.request("initialize", MCPEra.initialization, isCancellable: false) {
        case .success(let result):
            let version = result["protocolVersion"]?.stringValue ?? "no version"
            guard MCP.legacyVersions.contains(version) else {
                throw ModuleFailure.broken("it speaks MCP \(version.prefix(20)), which this program does not know")
            }
            peer.notify("notifications/initialized")
            return .legacy(version: version)
        case .failure(let error) where error.code == Self.unsupportedVersion: return nil
        case .failure(let error): throw ModuleFailure.broken("it refuses 'initialize': \(error.description.prefix(500))")
        }
    }

    func tools(in era: MCPEra, within limit: Duration = answerTime) async throws -> ToolListing {
        do {
            return try await time.withTimeout(limit) { try await pages(in: era) }
        } catch is TimeoutError {
            throw ModuleFailure.broken("it does not list its actions within \(limit.briefly)")
        }
    }

    private func pages(in era: MCPEra) async throws -> ToolListing {
        var listing = ToolListing()
        var cursor: JSON?
        for _ in 0..<Self.pageLimit {
            switch try await peer.request("tools/list", era.params(cursor.map { ["cursor": $0] } ?? [:]), isCancellable: false) {
            case .success(let page):
                try listing.append(page)
                cursor = page[present: "nextCursor"]
                // Some write an empty one in place of none.
                if cursor == nil || cursor == "" { return listing }
            case .failure(let error): throw ModuleFailure.broken("it refuses 'tools/list': \(error.description.prefix(500))")
            }
        }
        throw ModuleFailure.broken("its list of actions has more than \(Self.pageLimit) pages")
    }
}
