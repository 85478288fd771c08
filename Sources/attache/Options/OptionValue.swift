import ActionKit
import ArgumentParser
import Foundation
import Transport

/// Reads what stands behind options and in `ATTACHE_*`. Who mistypes something is told what it can be.
enum OptionValue {
    /// One of a few names, whatever the case.
    static func named<Value: RawRepresentable & CaseIterable>(_ text: String) throws -> Value where Value.RawValue == String {
        try named(text, among: Array(Value.allCases), by: \.rawValue)
    }

    static func named<Value>(_ text: String, among values: [Value], by name: (Value) -> String) throws -> Value {
        if let value = values.first(where: { name($0).lowercased() == text.lowercased() }) { return value }
        let names = values.map(name)
        let meant = nearest(to: text, in: names).map { "did you mean '\($0)'? " } ?? ""
        throw ValidationError("\(meant)It can be: \(names.joined(separator: ", ")).")
    }

    /// A port to listen on.
    static func port(_ text: String) throws -> Int {
        try whole(0...65_535)(text)
    }

    static func whole(_ range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
        { text in
            // `Int` also takes a plus sign.
            guard text.utf8.allSatisfy(\.isDigit), let number = Int(text), range.contains(number) else {
                throw ValidationError("it takes a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }
    }

    static func seconds(_ range: ClosedRange<Double>) -> @Sendable (String) throws -> Double {
        { text in
            // `Double` also takes infinities, exponents and hexadecimal digits.
            guard text.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") }), let number = Double(text), range.contains(number) else {
                throw ValidationError("it takes seconds, from \(Int(range.lowerBound)) to \(Int(range.upperBound)), without a unit.")
            }
            return number
        }
    }

    /// A span of time as people write it: `90m`, `12h`, `30d`.
    static func age(_ text: String) throws -> Duration {
        let century = Duration.seconds(36_500 * 86_400)
        guard let age = WrittenDuration(text).duration(in: [.seconds, .minutes, .hours, .days], upTo: century) else {
            throw ValidationError("it takes a whole number and a unit, as in 90m, 12h, 30d, up to 36500d.")
        }
        return age
    }

    /// A URL of which only scheme, host and port count.
    static func httpURL(_ text: String) throws -> String {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false,
            parts.port.map((1...65_535).contains) ?? true
        else {
            throw ValidationError("it takes a URL like http://127.0.0.1:8090, with a port from 1 to 65535.")
        }
        return text
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
