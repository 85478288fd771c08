import ArgumentParser
import ConnectWire
import LocalConnect

/// Who may call the local service, and how strictly it looks at files.
struct LocalServiceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A name by which the local service may be called, as in the header Host, besides localhost and loopback addresses. May be repeated.",
            valueName: "host[:port]"
        )
    )
    var allowHost: [AllowedHost] = []

    @Option(
        help: ArgumentHelp(
            "An origin whose web pages may call the local service, besides those on this machine; * for all. May be repeated.",
            valueName: "origin"
        )
    )
    var allowOrigin: [AllowedOrigin] = []

    @Flag(help: "The local service refuses a file whose content type is not the one of its extension. Without it, the extension decides.")
    var strictTypes = false

    /// Whether any was given.
    var isUsed: Bool { !allowHost.isEmpty || !allowOrigin.isEmpty || strictTypes }

    var configuration: LocalConnect.Configuration {
        var configuration = LocalConnect.Configuration()
        configuration.allowedHosts = allowHost
        configuration.allowedOrigins = allowOrigin
        configuration.rules.attachments.requiresContentTypeOfExtension = strictTypes
        return configuration
    }
}

extension AllowedHost: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}

extension AllowedOrigin: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }
}
