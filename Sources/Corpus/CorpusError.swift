/// Why text could not be read. Every case says which file, where in it and what to do.
package enum CorpusError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused: no such file, no permission.
    case cannotRead(path: String, reason: String)
    /// Nothing in a folder has an ending that is read.
    case noText(path: String)
    case tooManyFiles(path: String, limit: Int)
    /// A line that is not what the file's kind asks for, and too many before it to pass over.
    case brokenLine(file: String, line: Int, field: String, reason: String, skippedMax: Int)
    /// The compressed data is damaged.
    case badCompression(file: String, format: String, reason: String)
    /// A part of a raw file that was passed over, or a whole one.
    case passedOver(file: String, place: String, reason: String)
    /// Nothing matches what was named.
    case noMatch(pattern: String)

    package var description: String {
        switch self {
        case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
        case .noText(let path):
            "there is no text in \(path): .txt, .md, .jsonl and these with .gz or .zst are read"
        case .tooManyFiles(let path, let limit):
            "\(path) has more than \(limit) files of text; join small ones into .jsonl files"
        case .brokenLine(let file, let line, let field, let reason, let limit):
            "\(file), line \(line)\(field.isEmpty ? "" : ", field “\(field)”"): \(reason); mend the line, or pass over "
                + "more than \(limit) with --broken-lines"
        case .badCompression(let file, let format, let reason):
            "\(file) is not sound \(format) data: \(reason); get the file again"
        case .passedOver(let file, let place, let reason):
            "\(file)\(place.isEmpty ? "" : ", \(place)"): \(reason); it was passed over"
        case .noMatch(let pattern): "no file that can be read matches \(pattern)"
        }
    }
}
