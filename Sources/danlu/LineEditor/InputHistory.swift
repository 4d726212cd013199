import Foundation
import JSON

/// What was typed before, oldest first; kept in a file that only its owner reads.
package struct InputHistory: Sendable {
    package static let entriesMax = 1000
    private static let fileBytesMax = 8 << 20
    package private(set) var entries: [String] = []
    private let path: String?

    /// - Parameter path: the file, one JSON string a line; nil keeps nothing. What cannot be read is left out.
    package init(path: String?) {
        self.path = path
        guard let path, let data = try? Terminal.read(path, bytesMax: Self.fileBytesMax) else { return }
        for line in data.split(separator: UInt8(ascii: "\n")) {
            if let text = (try? JSONValue(parsing: line))?.string { entries.append(text) }
        }
        guard entries.count > Self.entriesMax else { return }
        entries.removeFirst(entries.count - Self.entriesMax)
        rewrite(path)
    }

    /// Nothing is added for white space and for the entry just before.
    package mutating func add(_ text: String) {
        guard !text.allSatisfy(\.isWhitespace), text != entries.last else { return }
        entries.append(text)
        guard let path else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // A chat goes on without its history.
        try? handle.write(contentsOf: Self.line(text))
    }

    private func rewrite(_ path: String) {
        let data = entries.reduce(into: Data()) { $0.append(Self.line($1)) }
        try? data.write(to: URL(filePath: path), options: .atomic)
        try? FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private static func line(_ text: String) -> Data { Data((JSONValue.string(text).serialized() + "\n").utf8) }
}
