import Foundation
import JSON
import Templates
import Testing

/// What jinja2 made of our templates; scripts beside the data made it.
enum Golden {
    /// The moment of reference.py, in the machine's time zone.
    static var now: Date {
        get throws {
            let parts = DateComponents(year: 2026, month: 8, day: 1, hour: 9, minute: 5, second: 7)
            return try #require(Calendar(identifier: .gregorian).date(from: parts))
        }
    }

    static func url(_ name: String) throws -> URL {
        try #require(Bundle.module.url(forResource: "Goldens", withExtension: nil)).appending(path: name)
    }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: try Data(contentsOf: try url(name)))
    }

    /// Unpacks with gzip, which every Debian has; the tests need no library for it.
    static func packedJSON(_ url: URL) throws -> JSONValue {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", url.path]
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONValue(parsing: data)
    }

    static func variables(_ object: JSONValue?) -> [String: JSONValue] {
        Dictionary(uniqueKeysWithValues: (object?.object ?? [:]).map { ($0.key, $0.value) })
    }
}
