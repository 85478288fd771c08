import Foundation
import Transport

/// The files that a module has: those of the system that any program needs, those of its own program, its bot's folder, what its command and its
/// environment name, all to read; and its spool folder, to do with as it likes.
struct ModuleSandbox {
    let sandbox: ChildSandbox
    /// Folders that it would have, were they not home, or a whole machine's.
    let refused: [String]

    /// - Parameter texts: What the bot file writes into its environment.
    /// - Parameter keptBack: What no module has, wherever it is.
    init(command: ChildCommand, texts: [String: String], botFolder: String, spool: String, keepingBack keptBack: [String], homes: [String])
    {
        var rules = SandboxRules(keepingBack: keptBack, homes: homes)
        for path in SystemFiles.readable { rules.grant(path) }
        for path in SystemFiles.devices { rules.add(.device, path) }
        for path in SystemFiles.shared { rules.add(.shared, path) }
        // One of the process file system's is too much for a module, but not for this list.
        for path in SystemFiles.views { rules.add(.read, path) }

        let searchPath = (texts["PATH"] ?? SystemFiles.searchPath).split(separator: ":").map(String.init)
        let programs = ProgramFiles(searchPath: searchPath)
        programs.grant(command.executable.from(command.folder), to: &rules)
        for folder in [botFolder, command.folder] { rules.grant(folder) }
        for word in command.arguments { Self.grantArgument(word, in: command.folder, to: &rules) }
        for text in texts.values {
            for path in text.split(separator: ":") where path.hasPrefix("/") { rules.grant(String(path)) }
        }
        rules.add(.write, spool)
        sandbox = ChildSandbox(rules: rules.rules)
        refused = rules.refused
    }

    /// A word that names a file, also as in `--data=FILE`.
    private static func grantArgument(_ word: String, in folder: String, to rules: inout SandboxRules) {
        for text in [word] + word.split(separator: "=", maxSplits: 1).dropFirst().map(String.init) where !text.isEmpty {
            let path = text.from(folder)
            if SandboxRules.isFolder(path) { rules.grant(path) }
            guard SandboxRules.isFile(path), let file = SandboxRules.resolved(path) else { continue }
            if let project = project(of: file, rules) { rules.grant(project) } else { rules.grant(folderOf: file) }
        }
    }

    /// The project that a program's file belongs to, whose parts may lie above it: `dist/server.js` needs `node_modules`.
    private static func project(of file: String, _ rules: SandboxRules) -> String? {
        var folder = file.parentFolder
        for _ in 0..<3 where !rules.isTooMuch(folder) {
            if ["package.json", "pyproject.toml"].contains(where: { SandboxRules.isFile("\(folder)/\($0)") }) { return folder }
            folder = folder.parentFolder
        }
        return nil
    }
}

/// What programs of any kind need of a machine.
enum SystemFiles {
    static let searchPath = "/usr/local/bin:/usr/bin:/bin"

    /// Programs and libraries; of the configuration what they look at to find each other, names, hosts, certificates and the time. Much else in
    /// `/etc` is for root alone, and a host may be root.
    static let readable =
        ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"]
        + [
            "alternatives", "bash.bashrc", "ca-certificates", "ca-certificates.conf", "crypto-policies", "debian_version", "environment",
            "fonts",
            "gai.conf", "group", "host.conf", "hostname", "hosts", "inputrc", "java", "ld.so.cache", "ld.so.conf", "ld.so.conf.d",
            "locale.alias",
            "locale.conf", "localtime", "machine-id", "magic", "mime.types", "nsswitch.conf", "odbc.ini", "odbcinst.ini", "os-release",
            "passwd",
            "perl", "pki/ca-trust", "pki/tls/certs", "pki/tls/cert.pem", "pki/tls/openssl.cnf", "profile", "profile.d", "protocols",
            "resolv.conf",
            "rpc", "services", "shells", "ssl/cert.pem", "ssl/certs", "ssl/openssl.cnf", "terminfo", "timezone",
        ].map { "/etc/" + $0 }
        // Where a link from /etc/resolv.conf leads is written anew as a whole.
        + [
            "/run/systemd/resolve", "/run/NetworkManager/resolv.conf", "/run/resolvconf", "/var/cache/fontconfig",
            "/var/lib/ca-certificates",
        ]

    /// What the kernel tells of the machine, and of processes; into those outside of the sandbox one cannot look by it.
    static let views = [
        "/proc", "/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup", "/sys/kernel/mm/transparent_hugepage",
    ]

    static let devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]

    /// Memory that processes share: semaphores and the like.
    static let shared = ["/dev/shm"]
}

extension String {
    /// The path, where it is relative, from a folder on.
    fileprivate func from(_ folder: String) -> String { isAbsolutePath ? self : "\(folder)/\(self)" }
}
