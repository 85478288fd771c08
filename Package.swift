// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A test target: `Tests/NAMETests`, with the shared helpers.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name), "TestSupport"] + dependencies,
        swiftSettings: settings
    )
}

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
    .product(name: "NIOWebSocket", package: "swift-nio"),
]
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: [Target.Dependency] = [
    .product(name: "Hummingbird", package: "hummingbird"),
    .product(name: "HummingbirdCore", package: "hummingbird"),
    .product(name: "HTTPTypes", package: "swift-http-types"),
]
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

let package = Package(
    name: "attache",
    products: [
        .executable(name: "attache", targets: ["attache"]),
        .library(name: "ActionKit", targets: ["ActionKit"]),
        // Example modules: lib….so beside the program.
        .library(name: "Shout", type: .dynamic, targets: ["Shout"]),
        .library(name: "Luhn", type: .dynamic, targets: ["Luhn"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // System libraries
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),

        .systemLibrary(name: "CLinux"),

        // Stands between the host and the processes of modules
        .target(name: "CModuleKeeper"),

        // The contract of native modules, in C
        .target(name: "CAttacheModule"),

        // The wire
        .target(name: "ConnectWire", swiftSettings: settings),
        .target(name: "Transport", dependencies: ["CCurl", "CLinux", crypto, logging, nioSSL] + nio, swiftSettings: settings),
        .target(
            name: "Participant",
            dependencies: ["ConnectWire", "Transport", logging],
            swiftSettings: settings
        ),

        // Actions
        .target(name: "ActionKit", dependencies: ["CAttacheModule"], swiftSettings: settings),
        .target(name: "Actions", dependencies: ["ActionKit"], swiftSettings: settings),

        // The host
        .target(
            name: "BotHost",
            dependencies: [
                "ActionKit", "CAttacheModule", "CPCRE2", "ConnectWire", "Participant", "Transport", crypto, grdb, lifecycle, logging,
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                yams,
            ] + hummingbird,
            swiftSettings: settings
        ),

        // The local participant service
        .target(
            name: "LocalConnect",
            dependencies: [
                "ConnectWire", "Transport", crypto, grdb, lifecycle, logging,
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ] + hummingbird + nio,
            swiftSettings: settings
        ),

        // The command
        .executableTarget(
            name: "attache",
            dependencies: [
                "ActionKit", "Actions", "BotHost", "CEdit", "CLinux", "CModuleKeeper", "ConnectWire", "LocalConnect", "Participant",
                "Transport", lifecycle, logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Module/Templates")],
            swiftSettings: settings,
            // All symbols are bound at the start, and what they are bound to cannot be written afterwards.
            linkerSettings: [.unsafeFlags(["-Xlinker", "-z", "-Xlinker", "now", "-Xlinker", "-z", "-Xlinker", "relro"])]
        ),

        // Example modules. `Plugins` is where SwiftPM looks for plugins of its own kind, so the paths are spelt out.
        .target(name: "Shout", dependencies: ["ActionKit"], path: "Plugins/Shout", swiftSettings: settings),
        .target(name: "Luhn", dependencies: ["CAttacheModule"], path: "Plugins/Luhn", publicHeadersPath: "."),

        // Tests
        .executableTarget(name: "SampleModule", dependencies: ["ActionKit"], path: "Tests/SampleModule", swiftSettings: settings),
        .target(
            name: "TestSupport",
            dependencies: ["Transport", "ConnectWire", logging] + nio,
            path: "Tests/Support",
            swiftSettings: settings
        ),
        // The fuzzer, which script/fuzz runs
        .target(
            name: "FuzzTargets",
            dependencies: [
                "ActionKit", "Actions", "BotHost", "ConnectWire", "LocalConnect", "Participant", "TestSupport", "Transport", logging,
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "Tests/Fuzz/Targets",
            swiftSettings: settings
        ),
        .executableTarget(name: "attache-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Driver", swiftSettings: settings),
        tests(of: "ConnectWire"),
        tests(of: "Transport", nio + [crypto, nioSSL]),
        tests(of: "Participant", ["ConnectWire", "LocalConnect", "Transport", logging]),
        tests(of: "ActionKit", ["CAttacheModule"]),
        tests(of: "Actions", ["ActionKit"]),
        tests(
            of: "BotHost",
            [
                "ActionKit", "Actions", "ConnectWire", "LocalConnect", "Participant", "Transport", grdb, logging, yams,
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        tests(of: "LocalConnect", ["ConnectWire", "Transport", grdb, lifecycle, logging] + hummingbird + nio),
        .testTarget(
            name: "AttacheTests",
            dependencies: ["attache", "BotHost", "ConnectWire", "Transport", logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["attache", "BotHost", "ConnectWire", "Transport", "TestSupport"],
            swiftSettings: settings
        ),
    ]
)
