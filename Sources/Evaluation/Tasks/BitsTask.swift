import Corpus
import Foundation

/// How much information given texts hold for a model, by language: what tells the smallest models apart, whatever
/// their tokenizers.
enum BitsTask {
    static let kind = TaskKind(
        name: "bits", zh: "给定文本的每字节比特数，中英分列", en: "bits per byte of given texts, by language",
        source: "--text", shots: 0
    ) { settings, _ in
        guard !settings.texts.isEmpty else {
            throw EvaluationError.invalidSetting(
                name: "bits", expected: "texts (--text FILE or folder)", actual: "none")
        }
        let documents = try documents(settings, bytesMin: 1)
        let items = settings.limited(documents, "bits").map { document in
            EvaluationItem(
                id: "\((document.file as NSString).lastPathComponent):\(document.line)",
                group: TextLanguage(of: document.text).code, work: .bits(text: document.text))
        }
        return EvaluationTask(name: "bits", metric: .bitsPerByte, items: items)
    }

    /// The documents of all texts, as many as are worth reading.
    static func documents(_ settings: TaskSettings, bytesMin: Int) throws -> [Document] {
        var found: [Document] = []
        do throws(CorpusError) {
            for path in settings.texts {
                var reader = try TextSource(path: path).reader()
                while found.count < documentsMax, let document = try reader.next() {
                    if document.text.utf8.count >= bytesMin { found.append(document) }
                }
            }
        } catch {
            let paths = settings.texts.joined(separator: ", ")
            throw EvaluationError.file(operation: "read", path: paths, reason: error.description)
        }
        return found
    }

    private static let documentsMax = 100_000
}
