import Foundation
import Testing
import Transport

@Suite("Memory does not grow with what passes through")
struct MemoryTests {
    /// In a process of its own, for the tests beside it use memory too.
    @Test("An upload of 19 MiB takes no more than 4 MiB over one of 1 KiB")
    func upload() async {
        await #expect(processExitsWith: .success) {
            let growth = try await peakGrowth { client, url, folder in
                let path = try folder.file("large", size: 19 * 1_024 * 1_024)
                return { size in
                    let body = HTTPRequest.Body.file(path: path, size: size)
                    _ = try await client.send(HTTPRequest("PUT", url, body: body))
                }
            }
            #expect(growth < 4 * 1_024)
        }
    }

    @Test("A download of 19 MiB takes no more than 4 MiB over one of 1 KiB")
    func download() async {
        await #expect(processExitsWith: .success) {
            let growth = try await peakGrowth { client, url, folder in
                { size in
                    let path = "\(folder.path)/download"
                    let request = HTTPRequest("GET", "\(url)\(size)", responseLimit: 20 * 1_024 * 1_024, downloadPath: path)
                    _ = try await client.send(request)
                    let downloaded = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64
                    #expect(downloaded == size)
                }
            }
            #expect(growth < 4 * 1_024)
        }
    }
}

/// By how many KiB the process's peak rises when 19 MiB pass through, after 1 KiB did a few times.
private func peakGrowth(
    _ prepare: (CurlHTTPClient, _ url: String, TemporaryFolder) throws -> (Int64) async throws -> Void
) async throws -> Int {
    let server = try RawServer { connection in
        while let head = connection.readHead() {
            let number = head.components(separatedBy: CharacterSet.decimalDigits.inverted).compactMap { Int($0) }
            connection.drain(atMost: head.hasPrefix("PUT") ? number.last ?? 0 : 0)
            let size = head.hasPrefix("GET") ? number.first ?? 0 : 0
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            for start in stride(from: 0, to: size, by: 1_024) { connection.write([UInt8](repeating: 7, count: min(1_024, size - start))) }
        }
    }
    let folder = try TemporaryFolder()
    defer { withExtendedLifetime((server, folder)) {} }
    let transfer = try prepare(CurlHTTPClient(environment: [:]), server.url(), folder)
    for _ in 1...5 { try await transfer(1_024) }
    try resetPeak()
    let before = try peak()
    try await transfer(19 * 1_024 * 1_024)
    return try peak() - before
}

/// In KiB.
private func peak() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.filter(\.isNumber)))
}

/// Makes what is in use now the peak: proc(5), clear_refs.
private func resetPeak() throws {
    let file = try #require(FileHandle(forWritingAtPath: "/proc/self/clear_refs"))
    try file.write(contentsOf: Data("5".utf8))
}
