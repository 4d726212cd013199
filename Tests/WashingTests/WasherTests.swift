import Corpus
import Foundation
import Kernels
import Testing
import Washing

/// The whole pipeline on a small corpus.
@Suite struct WasherTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "washer-\(UUID().uuidString)").path

    private func write(documents: Int = 400) throws {
        try FileManager.default.createDirectory(atPath: folder + "/raw/a", withIntermediateDirectories: true)
        var generator = SplitMix64(seed: 5)
        let words = (0..<300).map { "word\($0)" } + ["the", "and", "of", "with"]
        for file in 0..<4 {
            var lines = ""
            for number in 0..<documents / 4 {
                let text =
                    number % 10 == 9
                    ? "A text that stands in every file \(number)."
                        + String(repeating: " It is the same and of use.", count: 3)
                    : (0..<40).map { _ in words[Int.random(in: 0..<words.count, using: &generator)] }
                        .joined(separator: " ")
                lines += #"{"text": "\#(text)", "url": "https://www.site\#(file).org/\#(number)"}"# + "\n"
            }
            lines += "broken\n" + #"{"text": "short"}"# + "\n"
            try Data(lines.utf8).write(to: URL(filePath: "\(folder)/raw/a/\(file).jsonl"))
        }
    }

    private static let recipe = """
        name = "test"
        [normalize]
        [gopher]
        words_min = 10
        [perplexity]
        worst_share_max = 0.05
        sample_bytes = 1000000
        [exact]
        [near]
        [lines]
        copies_min = 50
        [split]
        validation = 0.1
        """

    private var limits: WashingLimits {
        var limits = WashingLimits()
        limits.unitBytesMin = 6000
        limits.unitsWanted = 8
        return limits
    }

    private func wash(_ name: String, threads: Int = 1, ranks: Ranks = Ranks()) throws -> WashingOutcome {
        let options = WashingOptions(threads: threads, ranks: ranks, keepsRejects: true, limits: limits)
        return try Washer(
            inputs: [folder + "/raw"], recipe: Recipe(text: Self.recipe, file: "test"), output: "\(folder)/\(name)",
            options: options
        ).run { _ in }
    }

    /// All files but the reports, by name.
    private func content(_ name: String) throws -> [String: Data] {
        var found: [String: Data] = [:]
        let names = try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(name)")
        for path in names where !path.hasPrefix(".") && !path.hasPrefix("report") {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)/\(path)", isDirectory: &isFolder)
            if !isFolder.boolValue { found[path] = try Data(contentsOf: URL(filePath: "\(folder)/\(name)/\(path)")) }
        }
        return found
    }

    @Test func aCorpusIsWashedTheSameWhateverTheThreadsAndRanks() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write()
        let outcome = try wash("one")
        let statistics = outcome.statistics
        #expect(statistics.before.total.documents == 404)
        #expect(statistics.faults == 4)
        #expect(statistics.steps.first { $0.name == "gopher" }?.rules["words_min"]?.dropped.documents == 4)
        #expect(statistics.steps.first { $0.name == "exact" }?.rules["copy"]?.dropped.documents == 30)
        let domains = statistics.before.domains
        #expect(domains.count == 4 && domains["site0.org"]?.documents == 100)
        // Everything that came in is accounted for.
        let dropped = statistics.steps.reduce(0) { $0 + $1.rules.values.reduce(0) { $0 + $1.dropped.documents } }
        #expect(dropped + statistics.after.total.documents == statistics.before.total.documents)
        #expect(statistics.steps.last?.output == statistics.after.total)
        let (train, validation) = (outcome.amount("train"), outcome.amount("validation"))
        #expect(train.documents + validation.documents == statistics.after.total.documents)
        #expect(validation.documents > 0)

        let first = try content("one")
        #expect(first.keys.contains { $0.hasPrefix("train/") } && first.keys.contains("manifest.json"))
        _ = try wash("many", threads: 4)
        #expect(try content("many") == first)
        async let other = try wash("ranks", ranks: Ranks(rank: 1, size: 2))
        _ = try wash("ranks", ranks: Ranks(rank: 0, size: 2))
        _ = try await other
        #expect(try content("ranks") == first)
        // Again: nothing is done, and the same is said.
        #expect(try wash("one").statistics == statistics)
    }

    @Test func shardsAreReadByTheTrainersReader() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write()
        let outcome = try wash("one")
        var reader = try TextSource(path: folder + "/one/train").reader()
        var documents = 0
        var texts: Set<String> = []
        while let document = try reader.next() {
            documents += 1
            texts.insert(document.text)
        }
        #expect(documents == outcome.amount("train").documents)
        var held = try TextSource(path: folder + "/one/validation").reader()
        while let document = try held.next() { #expect(!texts.contains(document.text)) }
        for shard in outcome.shards {
            #expect(shard.blocks.reduce(0) { $0 + $1[1] } == shard.documents)
            #expect(shard.sha256.utf8.count == 64)
        }
    }

    @Test func anotherRecipeIsRefusedInTheSameFolder() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try write(documents: 40)
        _ = try wash("one")
        #expect(throws: WashingError.self) {
            try Washer(
                inputs: [folder + "/raw"], recipe: Recipe(text: "[normalize]", file: "test"),
                output: "\(folder)/one", options: WashingOptions(threads: 1, limits: limits)
            ).run { _ in }
        }
    }

    @Test func aMixtureHasTheSharesThatAreAskedFor() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/raw", withIntermediateDirectories: true)
        for (name, parts) in [
            ("en", ["This is letter number", "which was written to the people in the house on the hill."]),
            ("zh", ["这是第", "封写给山上那户人家的信，邮差明天早上就会送到。"]),
        ] {
            let lines = (0..<1000).map { #"{"text": "\#(parts[0]) \#($0) \#(parts[1])"}"# }
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/raw/\(name).jsonl"))
        }
        let recipe = """
            [mixture]
            by = "source"
            [mixture.weights]
            "zh.jsonl" = 0.25
            "en.jsonl" = 0.75
            """
        let outcome = try Washer(
            inputs: [folder + "/raw"], recipe: Recipe(text: recipe, file: "test"), output: folder + "/out",
            options: WashingOptions(threads: 1)
        ).run { _ in }
        let sources = outcome.statistics.after.sources
        let chinese = Double(sources["zh.jsonl"]?.bytes ?? 0)
        let english = Double(sources["en.jsonl"]?.bytes ?? 0)
        #expect(abs(chinese / (chinese + english) - 0.25) < 0.03)
        #expect(sources["en.jsonl"]?.documents == 1000)
    }

    @Test func oneFileIsWashedByManyThreadsAsByOne() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder + "/raw", withIntermediateDirectories: true)
        let lines = (0..<1200).map { number -> String in
            let text = (0..<500).map { "w\(($0 &* 7919 &+ number &* 104_729) % 4001)" }.joined(separator: " ")
            return "{\"text\": \"\(text) the end.\", \"url\": \"https://site\(number % 5000).org/\"}"
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: folder + "/raw/all.jsonl"))
        var limits = WashingLimits()
        (limits.unitBytesMin, limits.domainsMax) = (1 << 30, 50)
        var outcomes: [WashingStatistics] = []
        for threads in [1, 3] {
            let options = WashingOptions(threads: threads, keepsRejects: true, limits: limits)
            let recipe = "[normalize]\n[gopher]\nwords_min = 10\n[repetition]\ntop_grams_max = [\"2 0.02\"]\n[exact]"
            outcomes.append(
                try Washer(
                    inputs: [folder + "/raw"], recipe: Recipe(text: recipe, file: "test"),
                    output: "\(folder)/\(threads)", options: options
                ).run { _ in }.statistics)
        }
        #expect(outcomes[0] == outcomes[1])
        #expect(outcomes[0].before.domains.count == 50 && outcomes[0].after.total.documents > 0)
        #expect(try content("1") == content("3"))
    }

    private static let passage = (0..<12).map { "Sentence \($0) of the passage says nothing new." }
        .joined(separator: " ")

    /// Four files of ten documents; the fifth of each has the passage among other sentences.
    private func writePassages() throws {
        try FileManager.default.createDirectory(atPath: folder + "/raw", withIntermediateDirectories: true)
        var generator = SplitMix64(seed: 9)
        for file in 0..<4 {
            let lines = (0..<10).map { number in
                let own = (0..<30).map { _ in "w\(Int.random(in: 0..<9000, using: &generator))" }.joined(separator: " ")
                let text = number == 5 ? "Start \(own). \(Self.passage) End \(own)." : own + "."
                return "{\"text\": \"\(text)\"}"
            }
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/raw/\(file).jsonl"))
        }
    }

    @Test func passagesStayWhereTheyStandFirst() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try writePassages()
        func wash(_ name: String, threads: Int, ranks: Ranks = Ranks()) throws -> WashingOutcome {
            var limits = WashingLimits()
            (limits.unitBytesMin, limits.unitBytesMax) = (3000, 3000)
            let recipe = "[exact]\n[passages]\nbytes_min = 200\n[output]\ncompression = \"zstd\""
            return try Washer(
                inputs: [folder + "/raw"], recipe: Recipe(text: recipe, file: "test"), output: "\(folder)/\(name)",
                options: WashingOptions(threads: threads, ranks: ranks, limits: limits)
            ).run { _ in }
        }
        let outcome = try wash("one", threads: 1)
        let rule = outcome.statistics.steps.first { $0.name == "passages" }?.rules["bytes_min"]
        #expect(rule?.parts == 3)
        #expect(outcome.shards.allSatisfy { $0.path.hasSuffix(".jsonl.zst") && $0.sha256.utf8.count == 64 })
        var reader = try TextSource(path: folder + "/one/train").reader()
        var (documents, passages) = (0, 0)
        while let document = try reader.next() {
            documents += 1
            passages += document.text.contains("of the passage") ? 1 : 0
            if document.text.hasPrefix("Start"), !document.text.contains("passage") {
                #expect(document.text.contains(". End w"))
            }
        }
        #expect(documents == 40 && passages == 1)
        let first = try content("one")
        _ = try wash("many", threads: 4)
        #expect(try content("many") == first)
        async let other = try wash("ranks", threads: 1, ranks: Ranks(rank: 1, size: 2))
        _ = try wash("ranks", threads: 2, ranks: Ranks(rank: 0, size: 2))
        _ = try await other
        #expect(try content("ranks") == first)
    }
}
