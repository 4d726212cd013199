import Foundation

/// A recipe understood: its steps with their settings, checked.
package struct RecipeSteps: Sendable {
    /// Documents that several files or one have word for word the same.
    package struct Exact: Sendable {
        /// `words` compares without case, marks and space; `text` compares bytes.
        package var comparesWords: Bool
    }

    /// Lines that are in many documents: navigation, notices.
    package struct Lines: Sendable {
        package var copiesMin: Int
        package var charactersMin: Int
    }

    /// Passages that stand in an earlier document too, word for word.
    package struct Passages: Sendable {
        package var bytesMin: Int
        /// A document of which more is repeated goes as a whole.
        package var shareMax: Double
    }

    /// What the text is to be a mixture of.
    package struct Mixture: Sendable {
        /// Parts of the whole by language or source; others are left out.
        package var weights: [String: Double]
        package var bySource: Bool
    }

    package struct Split: Sendable {
        package var validation: Double
        package var validationBytesMax: Int
        package var seed: UInt64
    }

    package enum Compression: String, CaseIterable, Sendable {
        case none, gzip, zstd

        /// Of a file's name.
        var suffix: String {
            switch self {
            case .none: ""
            case .gzip: ".gz"
            case .zstd: ".zst"
            }
        }
    }

    package struct Output: Sendable {
        package var compression: Compression
        /// 1 is fastest; 9 is smallest of gzip, 19 of Zstandard.
        package var level: Int
        package var blockBytes: Int
        /// Bytes of files in one unit of work, and so about those of a shard; 0 for what suits the corpus.
        package var unitBytes: Int
    }

    package let recipe: Recipe
    package private(set) var exact: Exact?
    package private(set) var near: MinHashSettings?
    package private(set) var lines: Lines?
    package private(set) var passages: Passages?
    package private(set) var mixture: Mixture?
    package private(set) var dialogue: DialogueSettings?
    package private(set) var split = Split(validation: 0, validationBytesMax: .max, seed: 1)
    package private(set) var output = Output(compression: .gzip, level: 3, blockBytes: 1 << 20, unitBytes: 0)
    private(set) var perplexity: Perplexity.Settings?
    private(set) var classifier: Classifier.Settings?
    /// Names of the steps on single documents, in order, and of those on all.
    package private(set) var documentNames: [String] = []
    package private(set) var laterNames: [String] = []
    private var made: [String: any DocumentStep] = [:]

    private static let laterSteps = ["exact", "near", "lines", "passages", "mixture"]

    /// - Throws: `WashingError.recipe` for sections and settings that do not exist, and orders that make no sense.
    package init(_ recipe: Recipe) throws(WashingError) {
        self.recipe = recipe
        for table in recipe.tables {
            let base = String(table.name.prefix { $0 != "." })
            if base != table.name {
                guard recipe.table(base) != nil else {
                    throw .recipe(file: table.file, line: table.line, reason: "[\(table.name)] without [\(base)]")
                }
                continue
            }
            try read(table)
        }
    }

    private mutating func read(_ table: RecipeTable) throws(WashingError) {
        let name = table.name
        if let step = try Self.documentStep(table, recipe) {
            made[name] = step
        } else if name == Perplexity.name {
            perplexity = try Perplexity.Settings(table)
        } else if name == Classifier.name {
            classifier = try Classifier.Settings(table)
        } else {
            return try readLater(table)
        }
        guard laterNames.isEmpty else {
            throw .recipe(
                file: table.file, line: table.line,
                reason: "[\(name)] looks at single documents and stands before [\(laterNames[0])]")
        }
        documentNames.append(name)
    }

    private static func documentStep(
        _ table: RecipeTable, _ recipe: Recipe
    ) throws(WashingError) -> (any DocumentStep)? {
        switch table.name {
        case Normalize.name: try Normalize(table, recipe)
        case Marks.name: try Marks(table, recipe)
        case Unwrap.name: try Unwrap(table, recipe)
        case LanguageStep.name: try LanguageStep(table, recipe)
        case ListedWords.name: try ListedWords(table, recipe)
        case PersonalStep.name: try PersonalStep(table, recipe)
        case C4Quality.name: try C4Quality(table, recipe)
        case GopherQuality.name: try GopherQuality(table, recipe)
        case Repetition.name: try Repetition(table, recipe)
        case FineWebQuality.name: try FineWebQuality(table, recipe)
        case ChineseQuality.name: try ChineseQuality(table, recipe)
        case Decontaminate.name: try Decontaminate(table, recipe)
        default: nil
        }
    }

    private mutating func readLater(_ table: RecipeTable) throws(WashingError) {
        var table = table
        switch table.name {
        case "exact":
            exact = Exact(comparesWords: try table.choice("compare", "words", of: ["words", "text"]) == "words")
        case "near": near = try Self.near(&table)
        case "lines":
            lines = Lines(
                copiesMin: max(2, try table.count("copies_min", 6)),
                charactersMin: try table.count("characters_min", 10))
        case "passages":
            passages = Passages(
                bytesMin: try table.count("bytes_min", 300), shareMax: try table.number("share_max", 0.7))
            guard passages?.bytesMin ?? 0 >= RepeatedPassages.bytesLeast else {
                throw .recipe(
                    file: table.file, line: table.line,
                    reason: "[passages]: bytes_min is \(RepeatedPassages.bytesLeast) or more")
            }
        case "dialogue": dialogue = try DialogueSettings(&table)
        case "mixture":
            let by = try table.choice("by", "language", of: ["language", "source"])
            var weights = RecipeTable(name: "mixture.weights", file: table.file, line: table.line)
            if let own = recipe.table("mixture.weights") { weights = own }
            mixture = Mixture(weights: try weights.numbers(), bySource: by == "source")
            guard let mixture, mixture.weights.values.allSatisfy({ $0 >= 0 }),
                mixture.weights.values.contains(where: { $0 > 0 })
            else {
                throw .recipe(
                    file: table.file, line: table.line,
                    reason: "[mixture] needs [mixture.weights] with a positive number for some \(by)s")
            }
        case "split":
            split = Split(
                validation: try table.number("validation", 0),
                validationBytesMax: try table.count("validation_bytes_max", 1 << 50),
                seed: UInt64(try table.count("seed", 1)))
        case "output":
            let names = Compression.allCases.map(\.rawValue)
            let name = try table.choice("compression", Compression.gzip.rawValue, of: names)
            output = Output(
                compression: Compression(rawValue: name) ?? .gzip,
                level: min(19, max(1, try table.count("level", 3))),
                blockBytes: max(1, try table.count("block_bytes", 1 << 20)),
                unitBytes: try table.count("unit_bytes", 0))
        default:
            throw .recipe(
                file: table.file, line: table.line,
                reason: "there is no step \(table.name); there are \(Self.known.joined(separator: ", "))")
        }
        try table.finish()
        if Self.laterSteps.contains(table.name) { laterNames.append(table.name) }
    }

    private static func near(_ table: inout RecipeTable) throws(WashingError) -> MinHashSettings {
        var settings = MinHashSettings()
        settings.wordsInShingle = try table.count("words", settings.wordsInShingle)
        settings.charactersInShingle = try table.count("characters", settings.charactersInShingle)
        settings.bands = try table.count("bands", settings.bands)
        settings.rows = try table.count("rows", settings.rows)
        settings.similarityMin = try table.number("similarity_min", settings.similarityMin)
        settings.seed = UInt64(try table.count("seed", Int(settings.seed)))
        if let problem = settings.problem {
            throw .recipe(file: table.file, line: table.line, reason: "[near]: \(problem)")
        }
        return settings
    }

    package static let known = [
        Normalize.name, Marks.name, Unwrap.name, LanguageStep.name, ListedWords.name, PersonalStep.name,
        C4Quality.name, GopherQuality.name, Repetition.name, FineWebQuality.name, ChineseQuality.name,
        Decontaminate.name, Perplexity.name, Classifier.name, "exact", "near", "lines", "passages", "dialogue",
        "mixture", "split", "output",
    ]

    package var stepNames: [String] { documentNames + laterNames }

    /// The steps on single documents.
    ///
    /// - Parameter name: of the first that is left out; nil for all.
    package func chain(_ models: LearntModels, before name: String? = nil) -> [any DocumentStep] {
        documentNames.prefix { $0 != name }.compactMap { own in
            switch own {
            case Perplexity.name: perplexity.map { Perplexity(settings: $0, models: models) }
            case Classifier.name: classifier.map { Classifier(settings: $0, models: models) }
            default: made[own]
            }
        }
    }

    /// The first step that has to be taught; nil where none has.
    package var firstLearner: String? { documentNames.first { $0 == Perplexity.name || $0 == Classifier.name } }
}
