import Corpus
import JSON

/// The records of one file: lines of a .jsonl, or the elements of an array that may fill any number of lines.
final class RecordReader {
    enum Record {
        case value(JSONValue, line: Int)
        case fault(Wording, line: Int)
    }

    private let lines: LineReader
    private let limits: InstructionLimits
    /// Nil for a file whose every line is a record.
    private var array: ArraySplitter?
    /// The first line, which said what the file is.
    private var first: [UInt8]?
    private var isStarted = false
    private let mayBeArray: Bool

    var bytesRead: Int { lines.bytesRead }

    init(path: String, limits: InstructionLimits) throws(CorpusError) {
        lines = try LineReader(path: path, lineBytesMax: limits.recordBytesMax)
        self.limits = limits
        var name = path.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        mayBeArray = name.hasSuffix(".json")
    }

    /// Nil after the last.
    func next() throws(CorpusError) -> Record? {
        while true {
            if let record = array?.next() { return parsed(record) }
            guard let line = try nextLine() else {
                if let rest = array?.finish() { return parsed(rest) }
                return nil
            }
            if lines.isTooLong {
                let limit = limits.recordBytesMax
                return .fault(
                    Wording(zh: "超过 \(limit) 字节的上限；请拆开", en: "longer than the limit of \(limit) bytes; split it"),
                    line: lines.number)
            }
            if array != nil {
                array?.add(line, number: lines.number)
            } else if !line.allSatisfy(Self.isSpace) {
                return parsed((line, lines.number, true))
            }
        }
    }

    private func nextLine() throws(CorpusError) -> [UInt8]? {
        guard let line = try lines.next() else { return nil }
        guard !isStarted, !line.allSatisfy(Self.isSpace) else { return line }
        isStarted = true
        // A .json whose first line is a whole object has an object on every line.
        if mayBeArray, (try? JSONValue(parsing: line))?.object == nil {
            array = ArraySplitter(recordBytesMax: limits.recordBytesMax)
        }
        return line
    }

    private func parsed(_ record: ArraySplitter.Record) -> Record {
        guard record.isWhole else {
            return .fault(
                Wording(
                    zh: "文件在这一条中间就结束了；请重新获取文件，或补上缺的括号",
                    en: "the file ends within this record; get it again, or "
                        + "close its brackets"), line: record.line)
        }
        do {
            let limits = JSONLimits(depthMax: limits.jsonDepthMax, bytesMax: limits.recordBytesMax)
            return .value(try JSONValue(parsing: record.bytes, limits: limits), line: record.line)
        } catch {
            return .fault(BrokenJSON.wording(record.bytes, error), line: record.line)
        }
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
}
