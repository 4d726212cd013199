import Corpus
import Languages

/// Why texts could not be aligned.
package enum AlignmentError: Error, Equatable, Sendable, CustomStringConvertible {
    case cannotRead(CorpusError)
    case languages(LanguagesError)
    /// Subtitles with messages, say.
    case differentKinds(first: String, second: String)
    /// One file of a kind that does not hold both languages.
    case secondMissing(path: String)
    case tooManyItems(path: String, count: Int, limit: Int)

    package var description: String {
        switch self {
        case .cannotRead(let error): error.description
        case .languages(let error): error.description
        case .differentKinds(let first, let second):
            "\(first) and \(second) are files of different kinds; give two subtitles, two catalogues or two texts"
        case .secondMissing(let path):
            "\(path) holds one language; name the file with the other one too (one file is enough for .mo, .po and "
                + "subtitles with two languages a cue)"
        case .tooManyItems(let path, let count, let limit):
            "\(path) has \(count) lines, more than \(limit); cut it"
        }
    }
}
