import CPCRE2

/// A regular expression of PCRE2: unanchored, ignoring case, in Unicode.
///
/// Unchecked, because the compiler cannot see it: PCRE2 does not change compiled code and a match context once they are made, and lets threads
/// share them; what a match does change is made for each call.
package final class Pattern: @unchecked Sendable {
    /// How often the parts of the pattern may be tried from one place of the text.
    static let matchLimit: UInt32 = 100_000
    private static let depthLimit: UInt32 = 10_000
    private static let heapLimitKiB: UInt32 = 8192

    package let source: String
    /// The names of its groups and their numbers.
    package let groups: [String: Int]

    private let code: OpaquePointer
    private let limits: OpaquePointer?

    package init(_ source: String) throws(PatternError) {
        self.source = source
        code = try Self.compile(source)
        groups = Self.namedGroups(of: code)
        limits = pcre2_match_context_create_8(nil)
        pcre2_set_match_limit_8(limits, Self.matchLimit)
        pcre2_set_depth_limit_8(limits, Self.depthLimit)
        pcre2_set_heap_limit_8(limits, Self.heapLimitKiB)
        // Where there is no JIT for the processor, matching is interpreted.
        _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE)
    }

    deinit {
        pcre2_match_context_free_8(limits)
        pcre2_code_free_8(code)
    }

    /// The first place where the pattern fits, or nil.
    package func match(in text: String) throws(PatternError) -> PatternMatch? {
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { throw .failed("out of memory") }
        defer { pcre2_match_data_free_8(data) }
        var text = text
        let (result, captures) = text.withUTF8 { bytes in
            let result = run(on: bytes, into: data)
            return (result, result > 0 ? Self.captures(in: bytes, from: data) : [])
        }
        switch result {
        case 1...: return PatternMatch(captures: captures, groups: groups)
        case PCRE2_ERROR_NOMATCH: return nil
        case PCRE2_ERROR_MATCHLIMIT, PCRE2_ERROR_DEPTHLIMIT, PCRE2_ERROR_HEAPLIMIT: throw .tooComplex(pattern: source)
        default: throw .failed(Self.message(of: result))
        }
    }

    private func run(on bytes: UnsafeBufferPointer<UInt8>, into data: OpaquePointer) -> Int32 {
        // PCRE2 wants an address even for no bytes.
        var nothing: UInt8 = 0
        return withUnsafePointer(to: &nothing) { empty in
            let start = bytes.baseAddress ?? empty
            let result = pcre2_match_8(code, start, bytes.count, 0, PCRE2_NO_UTF_CHECK, data, limits)
            guard result == PCRE2_ERROR_JIT_STACKLIMIT else { return result }
            return pcre2_match_8(code, start, bytes.count, 0, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT, data, limits)
        }
    }

    private static func captures(in bytes: UnsafeBufferPointer<UInt8>, from data: OpaquePointer) -> [String?] {
        guard let offsets = pcre2_get_ovector_pointer_8(data) else { return [] }
        return (0..<Int(pcre2_get_ovector_count_8(data))).map { group in
            let (start, end) = (offsets[2 * group], offsets[2 * group + 1])
            // A group that took no part has no place; `\K` can set the start behind the end.
            guard start >= 0, start <= end, end <= bytes.count else { return nil }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
    }
}

// MARK: Compiling

extension Pattern {
    private static func compile(_ source: String) throws(PatternError) -> OpaquePointer {
        let options = PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C
        var error: Int32 = 0
        var offset = 0
        var text = source
        let code = text.withUTF8 { bytes in
            var nothing: UInt8 = 0
            return withUnsafePointer(to: &nothing) { empty in
                pcre2_compile_8(bytes.baseAddress ?? empty, bytes.count, options, &error, &offset, nil)
            }
        }
        guard let code else {
            let position = String(decoding: source.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
            throw .syntax(message(of: error), offset: position)
        }
        return code
    }

    private static func namedGroups(of code: OpaquePointer) -> [String: Int] {
        var count: UInt32 = 0
        var size: UInt32 = 0
        var table: UnsafePointer<UInt8>?
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMECOUNT), &count)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMEENTRYSIZE), &size)
        pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table)
        guard let table else { return [:] }
        var groups: [String: Int] = [:]
        for entry in 0..<Int(count) {
            // Two bytes of number, then the name and a zero.
            let start = table + entry * Int(size)
            let name = UnsafeBufferPointer(start: start + 2, count: Int(size) - 2).prefix { $0 != 0 }
            groups[String(decoding: name, as: UTF8.self)] = Int(start[0]) << 8 | Int(start[1])
        }
        return groups
    }

    private static func message(of error: Int32) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = pcre2_get_error_message_8(error, buffer.baseAddress, buffer.count)
            return length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(error)"
        }
    }
}
