import Foundation
import JSON

/// Answers on disk, a line each, only ever appended to: whoever was killed goes on where they were, and nobody asks a
/// model the same thing twice.
///
///     {"key": SHA-256 of model and question, "answer": {…}}
///
/// What a dying machine left of a last line is ended by a line end; lines that are not whole are passed over.
package actor AnswerLog {
    private let descriptor: Int32
    private let path: String
    private var answers: [String: Answer] = [:]

    /// - Throws: `EvaluationError.file`.
    package init(path: String) throws(EvaluationError) {
        self.path = path
        let folder = (path as NSString).deletingLastPathComponent
        do {
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
        } catch {
            throw .file(operation: "make the folder", path: folder, reason: error.localizedDescription)
        }
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("open", path) }
        let bytes = (try? Data(contentsOf: URL(filePath: path))) ?? Data()
        for line in bytes.split(separator: 0x0A) {
            guard let json = try? JSONValue(parsing: line), let key = json["key"]?.string,
                let answer = json["answer"].flatMap(Answer.init)
            else { continue }
            answers[key] = answer
        }
        if let last = bytes.last, last != 0x0A { try Self.write([0x0A], to: descriptor, path) }
    }

    deinit { close(descriptor) }

    package var count: Int { answers.count }

    func answer(_ key: String) -> Answer? { answers[key] }

    /// - Throws: `EvaluationError.file`.
    func keep(_ answer: Answer, as key: String) throws(EvaluationError) {
        answers[key] = answer
        let line: JSONValue = ["key": .string(key), "answer": .object(answer.json)]
        try Self.write(Array((line.serialized() + "\n").utf8), to: descriptor, path)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(EvaluationError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system("write", path) }
            start += count
        }
    }
}
