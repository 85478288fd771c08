import CLinux

/// The files that a child process has, and no others: neither to read nor to write. As far as the kernel can, it is kept from signalling
/// processes outside of it, too, and from looking into them. It has no right of root. The network is open to it.
package struct ChildSandbox: Hashable, Sendable {
    package struct Rule: Hashable, Sendable {
        package enum Access: String, Sendable {
            /// Read and execute.
            case read
            /// See what there is, and what there is beneath it: names alone.
            case list
            /// All that can be done with a folder and what is in it.
            case write
            /// A device, read and written.
            case device
            /// A folder in which it makes files that others can find only by their name.
            case shared
        }

        package var access: Access
        /// A file, or a folder with all that is beneath it. What is not there has no effect.
        package var path: String

        package init(_ access: Access, _ path: String) {
            self.access = access
            self.path = path
        }
    }

    package var rules: [Rule]

    package init(rules: [Rule]) {
        self.rules = rules
    }
}

/// What the kernel can do for a sandbox: a version of its Landlock.
package struct SandboxSupport: Hashable, Sendable {
    private let version: Int

    package static var ofThisKernel: SandboxSupport { SandboxSupport(version: attache_landlock_version()) }

    package init(version: Int) {
        self.version = version
    }

    /// What a module can do in spite of its sandbox, for a person; nil where nothing is missing.
    package var shortcoming: String? {
        switch version {
        case ..<1:
            "this kernel offers no Landlock (Linux 5.13 or newer, switched on, and not forbidden to this container), so modules have every file that the "
                + "host's user has; let the host run as a user who has little"
        case 1..<3:
            "this kernel's Landlock (version \(version)) lets modules empty files that they may not write, and signal the host; Linux 6.12 does not"
        case 3..<6: "this kernel's Landlock (version \(version)) lets modules signal the host's processes; Linux 6.12 does not"
        default: nil
        }
    }
}
