import Corpus

/// Why instruction data cannot be read or used. Every case says what to do.
package enum InstructionsError: Error, Sendable, CustomStringConvertible {
    case corpus(CorpusError)
    /// Nothing in a folder has an ending that is read.
    case noData(path: String)
    /// Records that are no examples, which nobody allowed to be passed over.
    case broken(faults: [DataFault], count: Int)
    case tooManyExamples(path: String, limit: Int)
    /// The system refused: a full disk, no permission.
    case cannotWrite(path: String, reason: String)
    /// An evaluation file that is neither text nor JSON.
    case badEvaluation(path: String, reason: String)

    package var wording: Wording {
        switch self {
        case .corpus(let error): return Wording(zh: "\(error)", en: "\(error)")
        case .noData(let path):
            return Wording(
                zh: "\(path) 里没有数据：读取 .jsonl、.json 及其 .gz",
                en: "there is no data in \(path): .jsonl, .json and "
                    + "these with .gz are read")
        case .broken(let faults, let count):
            let more = count > faults.count ? count - faults.count : 0
            return Wording(
                zh: faults.map { $0.wording.zh + "\n" }.joined() + (more > 0 ? "……另有 \(more) 处\n" : "")
                    + "共 \(count) 行有错；请改正，或加 --skip-broken 跳过它们",
                en: faults.map { $0.wording.en + "\n" }.joined() + (more > 0 ? "… and \(more) more\n" : "")
                    + "\(count) records are broken; mend them, or pass over them with --skip-broken")
        case .tooManyExamples(let path, let limit):
            return Wording(
                zh: "\(path) 多于 \(limit) 例；请分成几份", en: "\(path) has more than \(limit) examples; split it")
        case .cannotWrite(let path, let reason):
            return Wording(zh: "无法写入 \(path)：\(reason)", en: "cannot write \(path): \(reason)")
        case .badEvaluation(let path, let reason):
            return Wording(
                zh: "\(path) 不能作为评测文件：\(reason)；请用 .jsonl、.json 或 .txt",
                en: "\(path) is no evaluation file: \(reason); use .jsonl, .json or .txt")
        }
    }

    package var description: String { wording.en }
}
