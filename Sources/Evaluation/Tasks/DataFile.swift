import Corpus
import Foundation
import JSON

/// Data files in the forms in which tasks are published.
enum DataFile {
    /// The lines of a .jsonl file, also .gz, each with its number.
    static func jsonLines(_ path: String) throws -> [(line: Int, value: JSONValue)] {
        let reader: LineReader
        var rows: [(line: Int, value: JSONValue)] = []
        do {
            reader = try LineReader(path: path, lineBytesMax: EvaluationLimits.lineBytesMax)
            while let line = try reader.next() {
                guard !reader.isTooLong else {
                    let reason = "longer than \(EvaluationLimits.lineBytesMax) bytes"
                    throw EvaluationError.badData(file: path, line: reader.number, reason: reason)
                }
                if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                do { rows.append((reader.number, try JSONValue(parsing: line))) } catch {
                    throw EvaluationError.badData(file: path, line: reader.number, reason: "\(error)")
                }
                guard rows.count <= EvaluationLimits.itemsMax else {
                    throw EvaluationError.badData(
                        file: path, line: reader.number, reason: "more than \(EvaluationLimits.itemsMax) items")
                }
            }
        } catch let error as CorpusError {
            throw EvaluationError.file(operation: "read", path: path, reason: error.description)
        }
        return rows
    }

    /// The rows of a .csv file (RFC 4180): fields in double quotes may hold commas, line ends and, doubled, quotes.
    static func csv(_ path: String) throws(EvaluationError) -> [(line: Int, fields: [String])] {
        guard let data = FileManager.default.contents(atPath: path) else { throw .system("read", path) }
        guard data.count <= EvaluationLimits.fileBytesMax else {
            throw .badData(file: path, line: 1, reason: "larger than \(EvaluationLimits.fileBytesMax) bytes")
        }
        guard var text = String(validating: data, as: UTF8.self) else {
            throw .badData(file: path, line: 1, reason: "it is not UTF-8")
        }
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        return try rows(text, path)
    }

    static func rows(_ text: String, _ path: String) throws(EvaluationError) -> [(line: Int, fields: [String])] {
        var rows: [(line: Int, fields: [String])] = []
        var (fields, field): ([String], [UInt8]) = ([], [])
        var (line, start) = (1, 1)
        var isQuoted = false
        var wasQuote = false
        func end() {
            fields.append(String(decoding: field, as: UTF8.self))
            field = []
        }
        func endRow() {
            end()
            if fields != [""] { rows.append((start, fields)) }
            fields = []
        }
        for byte in text.utf8 {
            if byte == 0x0A { line += 1 }
            if isQuoted {
                if byte == 0x22 { (isQuoted, wasQuote) = (false, true) } else { field.append(byte) }
                continue
            }
            switch byte {
            case 0x22:
                // A quote right after a closing one stands for itself.
                if wasQuote { field.append(byte) }
                isQuoted = true
            case 0x2C: end()
            case 0x0A:
                endRow()
                start = line
            case 0x0D: break
            default: field.append(byte)
            }
            wasQuote = false
        }
        guard !isQuoted else { throw .badData(file: path, line: start, reason: "a quote is not closed") }
        if !field.isEmpty || !fields.isEmpty { endRow() }
        return rows
    }

    static func names(in folder: String, ending: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.sorted()
    }
}

extension JSONValue {
    /// A member that must be a text.
    func text(_ member: String, _ file: String, _ line: Int) throws(EvaluationError) -> String {
        guard let text = self[member]?.string else {
            throw .badData(file: file, line: line, reason: "field “\(member)”: expected a string")
        }
        return text
    }
}
