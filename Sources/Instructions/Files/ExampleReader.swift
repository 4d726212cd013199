import Corpus

/// Reads the examples of files one at a time, whatever their schemas.
///
///     var reader = ExampleReader(files)
///     while let item = try reader.next() {
///         switch item {
///         case .example(let example, let schema): …
///         case .fault(let fault): …                    // "data.jsonl:12: messages[1].content: …"
///         }
///     }
package struct ExampleReader {
    package enum Item: Sendable {
        case example(InstructionExample, Schema)
        case fault(DataFault)
    }

    private let files: InstructionFiles
    private let schemas: SchemaReader
    private var nextFile = 0
    private var records: RecordReader?
    private var finishedBytes = 0

    /// Bytes of the files that have been read, as they lie on disk.
    package var bytesRead: Int { finishedBytes + (records?.bytesRead ?? 0) }

    package init(_ files: InstructionFiles) {
        self.files = files
        schemas = SchemaReader(limits: files.limits)
    }

    /// The next record; nil after the last.
    package mutating func next() throws(InstructionsError) -> Item? {
        do throws(CorpusError) {
            while true {
                guard let reader = records else {
                    guard nextFile < files.files.count else { return nil }
                    records = try RecordReader(path: files.files[nextFile].path, limits: files.limits)
                    continue
                }
                if let record = try reader.next() { return item(record, files.files[nextFile].path) }
                finishedBytes += reader.bytesRead
                records = nil
                nextFile += 1
            }
        } catch {
            throw .corpus(error)
        }
    }

    private func item(_ record: RecordReader.Record, _ file: String) -> Item {
        switch record {
        case .fault(let problem, let line):
            return .fault(DataFault(source: SourceLine(file: file, line: line), problem: problem))
        case .value(let value, let line):
            let source = SourceLine(file: file, line: line)
            do {
                let (example, schema) = try schemas.read(value, at: source)
                return .example(example, schema)
            } catch {
                return .fault(DataFault(error, at: source))
            }
        }
    }
}
