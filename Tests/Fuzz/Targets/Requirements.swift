import FoundationEssentials

// What has to hold for every input. What does not is a finding: the process ends, with the reason on its standard error output.

func require(_ holds: Bool, _ problem: @autoclosure () -> String) {
    guard holds else { fatalError(problem()) }
}

/// What was read can be written, and is the same when it is read again.
func requireSame<Value: Equatable>(_ value: Value, readAgain: () throws -> Value) {
    do {
        let again = try readAgain()
        require(again == value, "it is another when it is read again:\n\(value)\n\(again)")
    } catch {
        fatalError("it cannot be read again: \(error)\n\(value)")
    }
}

/// The same for values without an equality: they are written as before when they have been read again.
func requireStable<Value: Codable>(_ type: Value.Type, in json: [UInt8]) {
    guard let value = try? JSONDecoder().decode(type, from: Data(json)) else { return }
    do {
        let written = try text(of: value)
        let again = try text(of: JSONDecoder().decode(type, from: Data(written.utf8)))
        require(again == written, "\(type) is another when it is read again:\n\(written)\n\(again)")
    } catch {
        fatalError("\(type) cannot be written, or not be read again: \(error)\n\(value)")
    }
}

private func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
