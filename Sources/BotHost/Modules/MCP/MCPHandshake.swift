import ActionKit
import Transport

/// Finds out how an MCP server is spoken to, and what it can do.
struct MCPHandshake {
    let peer: RPCPeer
    let time: any TimeSource

    /// A server that does not answer in the protocol of today within this is asked in that of before.
    static let probeTime = Duration.seconds(2)
    static let answerTime = Duration.seconds(10)
    private static let pageLimit = 100
    private static let unsupportedVersion = RPCError.unsupportedVersion("", supported: []).code

    func era(_ choice: ModuleOptions.EraChoice) async throws -> MCPEra {
        switch choice {
        case .modern:
            guard try await isModern(within: Self.answerTime) else { throw ModuleFailure.broken("it does not know 'server/discover'") }
            return .modern
        case .legacy:
            guard let legacy = try await initialize() else { throw Self.refusesBoth }
            return legacy
        case .auto:
            if try await isModern(within: Self.probeTime) { return .modern }
            if let legacy = try await initialize() { return legacy }
            // It was only slow: it has read the first question meanwhile, and now holds to the newer protocol.
            guard try await isModern(within: Self.answerTime) else { throw Self.refusesBoth }
            return .modern
        }
    }

    private static let refusesBoth = ModuleFailure.broken("it refuses both 'server/discover' and 'initialize'")

    /// Any error, or silence, means the older protocol: servers differ in how they refuse what they do not know.
    private func isModern(within limit: Duration) async throws -> Bool {
        let answer: Result<JSON, RPCError>
        do {
            answer = try await time.withTimeout(limit) { [peer] in
                try await peer.request("server/discover", MCPEra.discovery, isCancellable: false)
            }
        } catch is TimeoutError {
            return false
        }
        switch answer {
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

    /// - Returns: Nil for a server that holds to the newer protocol.
    private func initialize() async throws -> MCPEra? {
        switch try await answered("initialize", MCPEra.initialization) {
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

    func tools(in era: MCPEra) async throws -> ToolListing {
        var listing = ToolListing()
        var cursor: JSON?
        for _ in 0..<Self.pageLimit {
            switch try await answered("tools/list", era.params(cursor.map { ["cursor": $0] } ?? [:])) {
            case .success(let page):
                try listing.append(page)
                cursor = page["nextCursor"].flatMap { $0.isNull ? nil : $0 }
                if cursor == nil { return listing }
            case .failure(let error): throw ModuleFailure.broken("it refuses 'tools/list': \(error.description.prefix(500))")
            }
        }
        throw ModuleFailure.broken("its list of actions has more than \(Self.pageLimit) pages")
    }

    private func answered(_ method: String, _ params: JSON) async throws -> Result<JSON, RPCError> {
        do {
            return try await time.withTimeout(Self.answerTime) { [peer] in
                try await peer.request(method, params, isCancellable: false)
            }
        } catch is TimeoutError {
            throw ModuleFailure.broken("it does not answer '\(method)' within \(Self.answerTime.briefly)")
        }
    }
}
