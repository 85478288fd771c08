import Foundation
import Glibc
import Testing
import Transport

@testable import BotHost

@Suite("The files that a module has")
struct ModuleSandboxTests {
    private let temporary: TemporaryFolder
    /// Without links in its path, as the rules have it.
    private let root: String

    init() throws {
        temporary = try TemporaryFolder()
        root = try #require(SandboxRules.resolved(temporary.path))
    }

    private func make(_ files: String...) throws {
        for file in files {
            let path = "\(root)/\(file)"
            try FileManager.default.createDirectory(atPath: path.parentFolder, withIntermediateDirectories: true)
            try Data(file.utf8).write(to: URL(fileURLWithPath: path))
        }
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createDirectory(atPath: "\(root)/\(name)".parentFolder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: "\(root)/\(name)", withDestinationPath: target)
    }

    /// The paths below the test's folder that a command gets, of one kind.
    private func granted(
        _ words: [String],
        _ access: ChildSandbox.Rule.Access = .read,
        texts: [String: String] = [:],
        in folder: String = "bots",
        keepingBack keptBack: [String] = []
    ) -> [String] {
        let sandbox = sandbox(words, texts: texts, in: folder, keepingBack: keptBack).sandbox
        return sandbox.rules.filter { $0.access == access && $0.path.hasPrefix(root + "/") }.map {
            String($0.path.dropFirst(root.count + 1))
        }.sorted()
    }

    private func sandbox(_ words: [String], texts: [String: String] = [:], in folder: String, keepingBack: [String] = []) -> ModuleSandbox {
        let command = ChildCommand(executable: words[0], arguments: Array(words.dropFirst()), folder: "\(root)/\(folder)")
        return ModuleSandbox(
            command: command,
            texts: texts,
            botFolder: "\(root)/\(folder)",
            spool: root + "/store/modules/1",
            keepingBack: keepingBack.map { "\(root)/\($0)" },
            homes: [root + "/home"]
        )
    }

    @Test("It reads its bot's folder, the folder of its script and the files that its command and environment name; it writes its spool")
    func plain() throws {
        try make("bots/shop.yaml", "orders/server.py", "data/orders.csv", "data/prices.csv", "more/libs/a.py", "else/x")
        let words = ["/usr/bin/python3", "../orders/server.py", "--data=\(root)/data/orders.csv", "no/such/file"]
        #expect(granted(words, texts: ["PYTHONPATH": "\(root)/more/libs:/nowhere"]) == ["bots", "data", "more/libs", "orders"])
        #expect(granted(words, .write) == ["store/modules/1"])
    }

    @Test("The store, a key and a secret are kept back, wherever they are: beside the bot, named by an argument, or not there yet")
    func keptBack() throws {
        try make("bots/shop.yaml", "bots/lib/a.py", "bots/state/attache.db", "bots/private/secret", "bots/private/other")
        try link("bots/state-link", to: "state")
        let keptBack = ["bots/state", "bots/private/secret", "bots/later"]
        #expect(granted(["/bin/sh"], keepingBack: keptBack) == ["bots/lib", "bots/private/other", "bots/shop.yaml"])
        #expect(granted(["/bin/sh"], .list, keepingBack: keptBack) == ["bots", "bots/private"])
        let named = ["/bin/sh", "\(root)/bots/state/attache.db", "state-link/attache.db", "--key=private/secret"]
        #expect(granted(named, keepingBack: keptBack) == ["bots/lib", "bots/private/other", "bots/shop.yaml"])
    }

    @Test("The home folder is not granted, nor one that holds it, though the bot is there: only the file that the command names")
    func home() throws {
        try make("home/shop.yaml", "home/server.py", "home/.aws/credentials")
        #expect(granted(["/bin/sh", "server.py"], in: "home") == ["home/server.py"])
        #expect(sandbox(["/bin/sh", root, "/"], in: "home").refused.contains("\(root)/home"))
        #expect(granted(["/bin/sh", root, "/", "."], texts: ["HOME": root + "/home"], in: "home") == [])
    }

    @Test("A virtual environment brings the Python that it was made with, and a link the installation that it leads to")
    func python() throws {
        try make("python/bin/python3.12", "python/lib/os.py", "bots/shop.yaml", "venv/lib/mcp.py")
        try link("venv/bin/python3", to: "\(root)/python/bin/python3.12")
        try link("venv/bin/python", to: "python3")
        try Data("home = \(root)/base/bin\n".utf8).write(to: URL(fileURLWithPath: root + "/venv/pyvenv.cfg"))
        try make("base/bin/python")
        #expect(granted(["\(root)/venv/bin/python"]) == ["base", "bots", "python", "venv"])
    }

    @Test("A script brings its interpreter, also one that is looked for")
    func scripts() throws {
        try make("bots/shop.yaml", "node/bin/node", "tools/run")
        chmod(root + "/node/bin/node", 0o755)
        try Data("#!/usr/bin/env -S node --flag\n".utf8).write(to: URL(fileURLWithPath: root + "/tools/run"))
        #expect(granted(["\(root)/tools/run"], texts: ["PATH": "\(root)/node/bin"]) == ["bots", "node", "node/bin", "tools"])
        try Data("#!\(root)/node/bin/node\n".utf8).write(to: URL(fileURLWithPath: root + "/tools/run"))
        #expect(granted(["\(root)/tools/run"]) == ["bots", "node", "tools"])
    }

    @Test("A user's own programs come without what else is in ~/.local, and alone where they lie in the home folder itself")
    func userPrograms() throws {
        try make("home/.local/bin/tool", "home/.local/lib/tool.py", "home/.local/share/keyrings/secret", "home/tool", "bots/shop.yaml")
        #expect(granted(["\(root)/home/.local/bin/tool"]) == ["bots", "home/.local/bin", "home/.local/lib"])
        #expect(granted(["\(root)/home/tool"]) == ["bots", "home/tool"])
    }

    @Test("A server of a project brings what lies above its script")
    func project() throws {
        try make("bots/shop.yaml", "server/package.json", "server/dist/index.js", "server/node_modules/mcp/index.js")
        #expect(granted(["/usr/bin/node", "\(root)/server/dist/index.js"]) == ["bots", "server"])
    }

    @Test("A program brings the folders of its libraries, and a broken one none")
    func libraries() throws {
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        let libraries = ELFSearchPath.folders(of: folder + "/attache")
        #expect(libraries.contains { FileManager.default.fileExists(atPath: $0 + "/libswiftCore.so") }, "\(libraries)")
        let whole = try Data(contentsOf: URL(fileURLWithPath: folder + "/attache")).prefix(4096)
        for length in [0, 6, 40, 64, 200, 4096] {
            try whole.prefix(length).write(to: URL(fileURLWithPath: root + "/broken"))
            #expect(ELFSearchPath.folders(of: root + "/broken") == [])
        }
    }

    @Test("Of the system, a module has nothing that is for root alone")
    func system() {
        let paths = sandbox(["/bin/sh"], in: "bots").sandbox.rules.filter { $0.access != .device }.map(\.path)
        for secret in [
            "/etc/shadow", "/etc/ssl/private/key.pem", "/root/.aws/credentials", "/home/ada/.ssh/id", "/run/docker.sock", "/dev/mem",
        ] {
            #expect(!paths.contains { secret == $0 || secret.hasPrefix($0 + "/") }, "\(secret)")
        }
    }
}
