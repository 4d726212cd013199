import Corpus
import JSON

/// The texts of an evaluation file: what training data must not contain.
///
///     try EvaluationTexts.forEach(path: "gsm8k-test.jsonl.gz") { item in item.texts }
///
/// Any .jsonl or .json is read, whatever its members: every string counts. A file that is one object (CMRC, SQuAD) has
/// an item for each object in it. Of .txt and .md each document is an item.
package enum EvaluationTexts {
    package struct Item: Sendable {
        package var source: SourceLine
        package var texts: [String]
    }

    /// - Throws: `InstructionsError.badEvaluation`, `.corpus`, and what `body` throws.
    package static func forEach(
        path: String, limits: InstructionLimits = InstructionLimits(), _ body: (Item) throws -> Void
    ) throws {
        guard InstructionFiles.isRead(path) else { return try forEachDocument(path, body) }
        var limits = limits
        limits.recordBytesMax = limits.evaluationBytesMax
        let reader: RecordReader
        do { reader = try RecordReader(path: path, limits: limits) } catch { throw InstructionsError.corpus(error) }
        // The first is looked at once it is known whether others follow.
        var first: (value: JSONValue, line: Int)?
        var count = 0
        while let record = try reader.next() {
            guard case .value(let value, let line) = record else {
                guard case .fault(let problem, let line) = record else { continue }
                throw InstructionsError.badEvaluation(path: "\(path):\(line)", reason: problem.en)
            }
            count += 1
            if count == 1 {
                first = (value, line)
                continue
            }
            if let alone = first {
                try body(item(alone.value, path, alone.line))
                first = nil
            }
            try body(item(value, path, line))
        }
        if let alone = first {
            for texts in pieces(alone.value) {
                try body(Item(source: SourceLine(file: path, line: alone.line), texts: texts))
            }
        }
    }

    private static func forEachDocument(_ path: String, _ body: (Item) throws -> Void) throws {
        do {
            var reader = try TextSource(path: path).reader()
            while let document = try reader.next() {
                try body(Item(source: SourceLine(file: document.file, line: document.line), texts: [document.text]))
            }
        } catch let error as CorpusError {
            throw InstructionsError.badEvaluation(path: path, reason: error.description)
        }
    }

    private static func item(_ value: JSONValue, _ path: String, _ line: Int) -> Item {
        Item(source: SourceLine(file: path, line: line), texts: strings(value))
    }

    private static func strings(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let items): items.flatMap(strings)
        case .object(let object): object.flatMap { strings($0.value) }
        default: []
        }
    }

    /// The strings of each object by themselves.
    private static func pieces(_ value: JSONValue) -> [[String]] {
        var own: [String] = []
        var inner: [[String]] = []
        func gather(_ value: JSONValue) {
            switch value {
            case .string(let text): own.append(text)
            case .array(let items): for item in items { gather(item) }
            case .object: inner += pieces(value)
            default: break
            }
        }
        if let object = value.object {
            for member in object { gather(member.value) }
        } else {
            gather(value)
        }
        return (own.isEmpty ? [] : [own]) + inner
    }
}
