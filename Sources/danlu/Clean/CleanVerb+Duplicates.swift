import ArgumentParser
import Assistant
import Corpus
import Foundation
import JSON
import Kernels
import Washing

extension CleanVerb {
    /// `danlu clean duplicates`: which documents are in there twice.
    struct Duplicates: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "找出相同与近似的文章。", en: "Find documents that are the same or nearly so."),
            discussion: Language.text(
                zh: """
                    例：
                      danlu clean duplicates web/ books.jsonl
                      danlu clean duplicates web/ --list drop.jsonl --similarity 0.8
                      danlu clean duplicates web/ --passages 300      也找逐字重复的段落
                    相似度是两文共有的片段（五个词或八个汉字连续）占两文全部片段之比。
                    """,
                en: """
                    Examples:
                      danlu clean duplicates web/ books.jsonl
                      danlu clean duplicates web/ --list drop.jsonl --similarity 0.8
                      danlu clean duplicates web/ --passages 300      passages that repeat word for word, too
                    Similarity is the share of shingles (five words or eight Han characters in a row) that two documents
                    have in common, of all that either has.
                    """))

        @Argument(help: .init(Language.text(zh: "文本文件或文件夹。", en: "Files or folders of text."), valueName: "path"))
        var paths: [String]
        @Option(help: .init(Language.text(zh: "多像才算重复，0 到 1。", en: "How like documents must be, 0 to 1.")))
        var similarity = MinHashSettings().similarityMin
        @Option(help: .init(Language.text(zh: "签名的段数。", en: "Bands of a signature."))) var bands = MinHashSettings()
            .bands
        @Option(help: .init(Language.text(zh: "每段的行数。", en: "Rows of a band."))) var rows = MinHashSettings().rows
        @Option(help: .init(Language.text(zh: "片段的词数。", en: "Words in a shingle.")))
        var words = MinHashSettings().wordsInShingle
        @Option(help: .init(Language.text(zh: "片段的汉字数。", en: "Han characters in a shingle.")))
        var characters = MinHashSettings().charactersInShingle
        @Option(help: .init(Language.text(zh: "重复段落至少几个字节。", en: "Bytes of a repeated passage at least.")))
        var passages: Int?
        @Option(
            help: .init(
                Language.text(zh: "把该删的文章逐行写入此文件（JSON）。", en: "Write what to drop to this file, a line of JSON each."),
                valueName: "file"))
        var list: String?
        @Option(
            name: .customLong("memory-mb"),
            help: .init(Language.text(zh: "排序所用的内存（MB）。", en: "Memory for sorting, in MB."))) var memoryMB = 256
        @Option(help: .init(Language.text(zh: "计算线程数。", en: "Threads."))) var threads: Int?
        @Option(help: .init(Language.text(zh: "每个文件最多跳过几行坏行。", en: "Broken lines of a file that are passed over.")))
        var brokenLines = 0
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        private var settings: MinHashSettings {
            var settings = MinHashSettings()
            settings.similarityMin = similarity
            settings.bands = bands
            settings.rows = rows
            settings.wordsInShingle = words
            settings.charactersInShingle = characters
            return settings
        }

        func validate() throws {
            if let passages, !(128...1 << 20).contains(passages) { throw ValidationError("--passages: 128…\(1 << 20)") }
            if let problem = settings.problem { throw ValidationError(problem) }
            if brokenLines < 0 { throw ValidationError("--broken-lines: ≥ 0") }
            if !(1...1 << 20).contains(memoryMB) { throw ValidationError("--memory-mb: 1…\(1 << 20)") }
            if let threads, !(1...WorkerPool.threadsMax).contains(threads) {
                throw ValidationError("--threads: 1…\(WorkerPool.threadsMax)")
            }
        }

        func run() async throws {
            let scratch = FileManager.default.temporaryDirectory.appending(path: "danlu-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: scratch) }
            // A file a unit: each is read by a thread.
            var limits = CorpusLimits()
            limits.brokenLinesMax = brokenLines
            let sources = try paths.flatMap { path in
                try TextSource(path: path, limits: limits).files.map { try TextSource(path: $0.path, limits: limits) }
            }
            let search = DuplicateSearch(
                settings: settings, passageBytesMin: passages, scratch: scratch, memoryBytesMax: memoryMB << 20)
            let found = try search.run(sources, on: WorkerPool(threads: threads ?? Processors.threads))
            if let list { try write(found, sources.map(\.path), to: list) }
            Terminal.output(json ? summary(found).serialized() : text(found))
        }

        private func write(_ found: DuplicateSearch.Found, _ files: [String], to path: String) throws {
            guard FileManager.default.createFile(atPath: path, contents: nil),
                let handle = FileHandle(forWritingAtPath: path)
            else { throw TerminalError.cannotWrite(path: path, reason: String(cString: strerror(errno))) }
            for (kind, lists) in [("exact", found.exact), ("near", found.near)] {
                for unit in files.indices {
                    var cursor = try lists.cursor(unit: unit)
                    while let (dropped, kept) = try cursor.next() {
                        let line: JSONValue = [
                            "kind": .string(kind), "file": .string(files[unit]), "document": .int(Int(dropped.index)),
                            "kept_file": .string(files[Int(kept.unit)]), "kept_document": .int(Int(kept.index)),
                        ]
                        try handle.write(contentsOf: Data((line.serialized() + "\n").utf8))
                    }
                }
            }
            if let passages = found.passages {
                for unit in files.indices {
                    var cursor = try passages.passages(unit: unit)
                    while let (document, ranges) = try cursor.next() {
                        let line: JSONValue = [
                            "kind": "passage", "file": .string(files[unit]), "document": .int(Int(document.index)),
                            "bytes": .array(ranges.map { [.int($0.lowerBound), .int($0.upperBound)] }),
                        ]
                        try handle.write(contentsOf: Data((line.serialized() + "\n").utf8))
                    }
                }
            }
            try handle.close()
        }

        private func text(_ found: DuplicateSearch.Found) -> String {
            let (exact, near) = (found.exactCounts, found.nearCounts)
            return Language.text(
                zh: """
                    \(found.documents) 篇，\(ModelHome.size(found.textBytes))
                    完全相同：\(exact.groups) 组，多余 \(exact.dropped) 篇，最大一组 \(exact.largestGroup) 篇
                    近似（含相同）：\(near.groups) 组，多余 \(near.dropped) 篇，最大一组 \(near.largestGroup) 篇
                    """,
                en: """
                    \(found.documents) documents, \(ModelHome.size(found.textBytes))
                    the same: \(exact.groups) groups, \(exact.dropped) too many, largest group \(exact.largestGroup)
                    nearly so: \(near.groups) groups, \(near.dropped) too many, largest group \(near.largestGroup)
                    """)
        }

        private func summary(_ found: DuplicateSearch.Found) -> JSONValue {
            func counts(_ counts: DuplicateCounts) -> JSONValue {
                [
                    "compared": .int(counts.texts), "groups": .int(counts.groups), "dropped": .int(counts.dropped),
                    "largest_group": .int(counts.largestGroup), "candidates": .int(counts.candidates),
                    "confirmed": .int(counts.confirmed),
                ]
            }
            let curve = stride(from: 0.5, through: 1, by: 0.05).map { similarity -> JSONValue in
                ["similarity": .double(similarity), "found": .double(settings.probability(jaccard: similarity))]
            }
            return [
                "documents": .int(found.documents), "bytes": .int(found.textBytes), "exact": counts(found.exactCounts),
                "near": counts(found.nearCounts),
                "passages": found.passages == nil ? .null : counts(found.passageCounts), "curve": .array(curve),
                "seconds": ["signing": .double(found.signingSeconds), "merging": .double(found.mergingSeconds)],
            ]
        }
    }
}
