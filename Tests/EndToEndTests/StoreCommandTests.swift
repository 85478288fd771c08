import ConnectWire
import Foundation
import Glibc
import Testing

/// The commands that look into a store, and change it: beside a running host, and without one.
@Suite("Commands on a store", .timeLimit(.minutes(2)))
struct StoreCommandTests {
    private let workplace: Workplace
    private let bot: String

    init() throws {
        workplace = try Workplace()
        bot = try workplace.file(
            "sender.yaml",
            """
            bot: sender
            behaviours:
              - when: message
                says: bye
                do: [leave]
              - when: message
                do:
                  - receipt: { name: r, title: "For {{message.text}}", lines: [{ description: tea, price: 1 }], currency: EUR, format: txt }
                    as: file
                  - attach: "{{file}}"
                    otherwise: [say: "not sent"]
                  - say: done
            """
        )
    }

    private func attache(
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> (status: Int32, output: String, errors: String) {
        let process = try ChildProcess(arguments + ["--store", workplace.store], environment: environment)
        let exit = try await process.exit()
        return (exit.status, process.output, process.errors)
    }

    @Test("Beside a running host: lists, an upload's story, another try, and the erasure of the contact, whose session then stops")
    func runningHost() async throws {
        let host = try ChildProcess(["run", bot, "--local", "--store", workplace.store])
        let customer = try await Customer(endpoint: host.firstLine(), flow: "sender")
        try await customer.rejectNextFile()
        try await customer.say("canary-tea")
        try await customer.hears("done")
        // That the file was rejected is in the chat, too.
        #expect(try await customer.botWords == ["[r.txt]", "not sent", "done"])

        let list = try await attache("uploads", "list")
        #expect(list.output.contains("r.txt") && list.output.contains("rejected") && list.output.contains(customer.contact.rawValue))
        let show = try await attache("uploads", "show", "r.txt")
        #expect(show.output.contains("rejected: the service's scanner rejected the file"))
        #expect(try await attache("uploads", "retry", "r.txt").output == "'r.txt' will be sent again\n")
        try await customer.hears("[r.txt]")
        #expect(try await attache("uploads", "retry", "r.txt").errors.contains("is in the chat already"))
        let output = try await attache("uploads", "list", "--json").output
        let json = try JSONDecoder().decode([[String: JSONValue]].self, from: Data(output.utf8))
        #expect(json.first?["state"] == .text("approved"))

        let sessions = try await attache("sessions", "list")
        #expect(sessions.output.contains("goes on") && sessions.output.contains(customer.contact.rawValue))
        #expect(
            try await attache("sessions", "show", customer.contact.rawValue).output.contains(
                "file         r.txt: approved: it is in the chat"
            )
        )
        #expect(try await attache("store", "check").errors.contains("another attache has it open"))

        let mode = try FileManager.default.attributesOfItem(atPath: workplace.store + "/control.sock")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let forgotten = try await attache("forget", customer.contact.rawValue)
        #expect(forgotten.output.contains("removed the session") && forgotten.output.contains("removed 1 upload and 1 file"))
        #expect(try await attache("forget", customer.contact.rawValue).status == 1)
        for file in try workplace.storedFiles() {
            #expect(file.content.firstRange(of: Data("canary-tea".utf8)) == nil, "\(file.name)")
            #expect(file.content.firstRange(of: Data(customer.contact.rawValue.utf8)) == nil, "\(file.name)")
        }
        // The host lives, and serves others; the one that was forgotten stays silent.
        try await customer.say("are you there?")
        let another = try await Customer(endpoint: customer.endpoint, flow: "sender")
        try await another.say("Bob")
        try await another.hears("done")
        #expect(try await customer.botWords.last == "[r.txt]")
        host.signal(SIGTERM)
        #expect(try await host.exit().status == 0)
        #expect(!FileManager.default.fileExists(atPath: workplace.store + "/control.sock"))
    }

    @Test("Without a host: the store is looked over, gets a new key, and goes on with it")
    func withoutHost() async throws {
        let first = try ChildProcess(["run", bot, "--local", "--store", workplace.store])
        let customer = try await Customer(endpoint: first.firstLine(), flow: "sender")
        try await customer.say("Ada")
        try await customer.hears("done")
        first.signal(SIGKILL)
        _ = try await first.exit()

        #expect(try await attache("store", "check").output == "all is well in \(workplace.store)\n")
        let key = try Data(contentsOf: URL(fileURLWithPath: workplace.store + "/key"))
        #expect(try await attache("store", "rekey").output.hasPrefix("the tokens of 1 session are encrypted with the new key"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: workplace.store + "/key")) != key)
        let old = String(decoding: key, as: UTF8.self)
        let wrong = try await attache("store", "check", environment: ["ATTACHE_KEY": old])
        #expect(wrong.status == 1 && wrong.errors.contains("encrypted with another key"))
        #expect(try await attache("store", "rekey", environment: ["ATTACHE_NEW_KEY": old]).status == 2)
        #expect(try await attache("store", "check").status == 0)
        #expect(try await attache("sessions", "forget", customer.contact.rawValue).output.contains("removed the session"))
        #expect(try await attache("sessions", "list").errors == "no sessions\n")
    }

    @Test(
        "Where there is no store, none is made",
        arguments: [
            ["uploads", "list"], ["sessions", "list"], ["forget", "c"], ["store", "check"], ["store", "rekey"], ["uploads", "retry", "u"],
        ]
    )
    func noStore(command: [String]) async throws {
        let process = try ChildProcess(command + ["--store", workplace.store])
        #expect(try await process.exit().status == 1)
        #expect(process.errors.contains("there is none"))
        #expect(!FileManager.default.fileExists(atPath: workplace.store))
    }
}

/// A value of JSON, as far as these tests look at it.
private enum JSONValue: Decodable, Equatable {
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
        self = (try? decoder.singleValueContainer().decode(String.self)).map(Self.text) ?? .other
    }
}
