import Foundation

/// The files of a new action module, made from the templates that are built into the program.
struct ModuleTemplate {
    /// What a new module can be written in.
    enum Language: String, CaseIterable {
        case swift
        case python
        case c
    }

    struct File: Equatable {
        /// Within the module's folder.
        let path: String
        let text: String
        var isExecutable = false
    }

    let language: Language
    let name: String
    /// The folder of the package that has ActionKit; only modules in Swift need one.
    let checkout: String?

    /// - Parameter name: As a bot file names the module; also the name of its folder, its program and its library.
    /// - Throws: ``CommandFailure`` for a name that cannot be all of that, and for Swift without a checkout.
    init(_ language: Language, name: String, checkout: String?) throws(CommandFailure) {
        let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        guard let first = name.first, letters.contains(first), name.count <= 64, name.allSatisfy({ "\(letters)0123456789_-".contains($0) })
        else {
            throw CommandFailure(.usage, "'\(name)' cannot name a module: 1 to 64 letters, digits, '_' and '-', beginning with a letter")
        }
        if language == .swift, checkout == nil {
            throw CommandFailure(.usage, "the folder that attache was built from is not there any more; name one with --attache PATH")
        }
        self.language = language
        self.name = name
        self.checkout = checkout
    }

    var files: [File] {
        switch language {
        case .swift:
            [
                file("Package.swift", PackageResources.Package_swift_template),
                file("Sources/\(name)/main.swift", PackageResources.main_swift_template),
            ]
        case .python:
            [file("server.py", PackageResources.server_py_template, isExecutable: true)]
        case .c:
            [
                file("module.c", PackageResources.module_c_template),
                file("json.h", PackageResources.json_h_template),
                file("json.c", PackageResources.json_c_template),
                file("attache_module.h", PackageResources.attache_module_h_template),
            ]
        }
    }

    /// How to build the module within its folder; nothing for a language that needs no building.
    var build: String? {
        switch language {
        case .swift: "swift build"
        case .python: nil
        case .c: "cc -std=c11 -Wall -Wextra -shared -fPIC -o lib\(name).so *.c"
        }
    }

    /// The module from within its folder, as a word of a command line.
    var target: String {
        switch language {
        case .swift: ".build/debug/\(name)"
        case .python: "'python3 server.py'"
        case .c: "./lib\(name).so"
        }
    }

    private func file(_ path: String, _ template: [UInt8], isExecutable: Bool = false) -> File {
        let text = String(decoding: template, as: UTF8.self)
            .replacing("__NAME__", with: name)
            .replacing("__ATTACHE__", with: Self.literal(checkout ?? ""))
            .replacing("__PACKAGE__", with: Self.literal(checkout.map { URL(filePath: $0).lastPathComponent } ?? ""))
        return File(path: path, text: text, isExecutable: isExecutable)
    }

    /// A text as a Swift literal.
    private static func literal(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
