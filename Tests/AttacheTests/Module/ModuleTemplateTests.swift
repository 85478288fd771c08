import ActionKit
import Foundation
import Testing

@testable import attache

@Suite("Templates of action modules")
struct ModuleTemplateTests {
    @Test(
        "Each language has its files, with the module's name in them and no placeholder left",
        arguments: ModuleTemplate.Language.allCases
    )
    func files(language: ModuleTemplate.Language) throws {
        let template = try ModuleTemplate(language, name: "greeter-2", checkout: #"/home/ada/my "attache""#)
        #expect(template.files.map(\.path) == paths(language))
        for file in template.files {
            #expect(!file.text.isEmpty)
            #expect(!file.text.contains("__NAME__") && !file.text.contains("__ATTACHE__") && !file.text.contains("__PACKAGE__"))
        }
        #expect(template.files.contains { $0.text.contains("greeter-2") })
    }

    private func paths(_ language: ModuleTemplate.Language) -> [String] {
        switch language {
        case .swift: ["Package.swift", "Sources/greeter-2/main.swift"]
        case .python: ["server.py"]
        case .c: ["module.c", "json.h", "json.c", "attache_module.h"]
        }
    }

    @Test("A module in Swift depends on the package of the checkout, whatever its path")
    func checkout() throws {
        let package = try ModuleTemplate(.swift, name: "x", checkout: #"/home/ada/my "attache""#).files[0].text
        #expect(package.contains(#".package(path: "/home/ada/my \"attache\"")"#))
        #expect(package.contains(#".product(name: "ActionKit", package: "my \"attache\"")"#))
        let failure = try #require(throws: CommandFailure.self) { try ModuleTemplate(.swift, name: "x", checkout: nil) }
        #expect(failure.message == "the folder that attache was built from is not there any more; name one with --attache PATH")
    }

    @Test(
        "A name that cannot be a folder, a program and a word of a bot file is refused",
        arguments: ["", "1a", "-a", "_a", "a b", "a/b", "../a", "a.b", "é", "a\n", "a\u{0}", String(repeating: "a", count: 65)]
    )
    func names(name: String) throws {
        let failure = try #require(throws: CommandFailure.self) { try ModuleTemplate(.c, name: name, checkout: nil) }
        #expect(failure.status == .usage)
        #expect(failure.message.hasSuffix("cannot name a module: 1 to 64 letters, digits, '_' and '-', beginning with a letter"))
    }

    @Test("What to do next are commands and lines that can be copied")
    func nextSteps() throws {
        #expect(
            ModuleNew.nextSteps(for: try ModuleTemplate(.c, name: "greeter", checkout: nil)) == """
                made greeter/module.c, greeter/json.h, greeter/json.c, greeter/attache_module.h

                Build and test it:
                  cd greeter
                  cc -std=c11 -Wall -Wextra -shared -fPIC -o libgreeter.so *.c
                  attache module test ./libgreeter.so

                In a bot file beside the folder:
                  modules:
                    greeter: { library: greeter/libgreeter.so }
                  ...
                      - greeter.greet: { who: "{{customer.name}}" }
                        as: greeting
                """
        )
    }

    @Test("The header of a new module in C is the contract itself")
    func header() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let header = try String(contentsOf: root.appending(path: "Sources/CAttacheModule/include/attache_module.h"), encoding: .utf8)
        #expect(try ModuleTemplate(.c, name: "x", checkout: nil).files.first { $0.path == "attache_module.h" }?.text == header)
    }
}
