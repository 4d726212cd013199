import ArgumentParser
import Assistant
import Corpus
import Foundation
import JSON
import Kernels
import Provenance

/// `danlu index-corpus`: what `danlu trace` searches.
struct IndexCorpus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index-corpus",
        abstract: Language.text(zh: "为语料建索引，供 danlu trace 查找。", en: "Index a corpus for danlu trace."),
        discussion: Language.text(
            zh: """
                例：
                  danlu index-corpus washed --output washed.index
                  danlu index-corpus washed --tokenizer runs/a --output washed.index
                索引是一个后缀数组，建在磁盘上，内存有上限；被杀后不留半成品。不给分词器则按字节建，
                约为文本的六倍大；按词元建约为两倍。.jsonl 每行的 source 是来源，其余成员一并保留。
                """,
            en: """
                Examples:
                  danlu index-corpus washed --output washed.index
                  danlu index-corpus washed --tokenizer runs/a --output washed.index
                The index is a suffix array on disk, made with bounded memory; what is killed leaves nothing. Without a
                tokenizer it is of bytes and about six times as large as the text; of tokens, about twice. The member
                source of a line of .jsonl is its source; the other members are kept.
                """))

    @Argument(help: .init(Language.text(zh: "语料文件或文件夹。", en: "A file or folder of text."), valueName: "corpus"))
    var corpus: String
    @Option(help: .init(Language.text(zh: "索引文件夹。", en: "The index's folder."), valueName: "folder")) var output: String
    @Option(
        help: .init(
            Language.text(
                zh: "分词器文件夹，或一次训练。", en: "A tokenizer's folder, or a run."), valueName: "folder|run"))
    var tokenizer: String?
    @Option(
        name: .customLong("memory-mb"),
        help: .init(Language.text(zh: "排序所用的内存（MB）。", en: "Memory for sorting, in MB."))) var memoryMB = 512
    @Option(help: .init(Language.text(zh: "计算线程数。", en: "Threads."))) var threads: Int?
    @Option(help: .init(Language.text(zh: "每个文件最多跳过几行坏行。", en: "Broken lines of a file that are passed over.")))
    var brokenLines = 0
    @Flag(help: .init(Language.text(zh: "替换已有的索引。", en: "Replace an index that is there."))) var overwrite = false
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func validate() throws {
        if !(1...1 << 20).contains(memoryMB) { throw ValidationError("--memory-mb: 1…\(1 << 20)") }
        if brokenLines < 0 { throw ValidationError("--broken-lines: ≥ 0") }
        if let threads, !(1...WorkerPool.threadsMax).contains(threads) {
            throw ValidationError("--threads: 1…\(WorkerPool.threadsMax)")
        }
    }

    func run() async throws {
        let start = ContinuousClock.now
        var limits = CorpusLimits()
        limits.keepsMetadata = true
        limits.brokenLinesMax = brokenLines
        let source = try TextSource(path: corpus, limits: limits)
        let bytes = source.files.reduce(0) { $0 + $1.bytes }
        let builder = try IndexBuilder(
            output: output, tokenizerFolder: try tokenizer.map(Self.tokenizerFolder), overwrite: overwrite)
        let line = SharedProgress()
        let manifest = try builder.build(
            source, on: WorkerPool(threads: threads ?? Processors.threads), memoryBytesMax: memoryMB << 20
        ) { progress in
            switch progress {
            case .reading(let done):
                line.show(Language.text(zh: "读取", en: "reading"), share: Double(done) / Double(max(1, bytes)))
            case .sorting(let share): line.show(Language.text(zh: "排序", en: "sorting"), share: share)
            }
        }
        line.clear()
        let seconds = start.duration(to: .now) / .seconds(1)
        let size = Self.bytes(of: output)
        if json {
            let summary: JSONValue = [
                "output": .string(output), "documents": .int(manifest.documents), "bytes": .int(manifest.textBytes),
                "symbols": .int(manifest.suffixes), "symbol_bytes": .int(manifest.symbolBytes),
                "index_bytes": .int(size), "sources": .int(manifest.sources.count), "seconds": .double(seconds),
            ]
            return Terminal.output(summary.serialized())
        }
        let (text, index) = (ModelHome.size(manifest.textBytes), ModelHome.size(size))
        Terminal.output(
            Language.text(
                zh: "\(manifest.documents) 篇，\(text)，\(manifest.sources.count) 个来源；索引 \(index)：\(output)",
                en:
                    "\(manifest.documents) documents, \(text), \(manifest.sources.count) sources; \(index): \(output)"
            ))
    }

    /// The tokenizer of a run, or a folder that is one.
    static func tokenizerFolder(_ path: String) throws -> String {
        if FileManager.default.fileExists(atPath: "\(path)/tokenizer.json") { return path }
        return try RunsHome.run(path).tokenizerPath
    }

    static func bytes(of folder: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            let size = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int
            return sum + (size ?? 0)
        }
    }
}
