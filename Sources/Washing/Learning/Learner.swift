import Corpus
import Foundation

/// Teaches what the recipe's learnt steps need, before any document is judged: from text that the recipe names, or
/// from a sample of the text itself, the same share of each unit, that passes the steps before.
struct Learner {
    let steps: RecipeSteps
    let plan: WashingPlan
    let options: WashingOptions
    let meter: ProgressMeter

    /// One text of so many is not learnt from: limits are set and classifiers judged by those.
    private static let heldOut: UInt64 = 10
    /// A model of fewer words knows too little to judge by.
    private static let wordsMin = 100_000
    private static let thresholds = [0.1, 0.25, 0.5, 0.75, 0.9]

    func learn() throws -> LearntModels {
        var models = LearntModels()
        let sample = try sample()
        if let settings = steps.perplexity { try learn(&models, settings, sample) }
        if let settings = steps.classifier { try learn(&models, settings, sample) }
        return models
    }

    // MARK: Perplexity

    private func learn(_ models: inout LearntModels, _ settings: Perplexity.Settings, _ sample: [WashedDocument]) throws
    {
        let teaching = settings.like.isEmpty ? sample : try texts(settings.like, bytesMax: settings.sampleBytes)
        let scan = TextScan()
        var found: [String: NGramModel] = [:]
        for document in teaching where !Self.isHeldOut(document) {
            scan.scan(document.text)
            found[Perplexity.group(document.language), default: NGramModel()].learn(scan)
        }
        for (language, model) in found where model.words >= Self.wordsMin {
            var model = model
            model.finish()
            models.perplexity[language] = model
            models.facts.words[language] = model.words
        }
        var values: [String: [NGramModel.Surprise]] = [:]
        for document in teaching where Self.isHeldOut(document) {
            scan.scan(document.text)
            let language = Perplexity.group(document.language)
            guard scan.words >= settings.wordsMin, let value = models.perplexity[language]?.surprise(scan) else {
                continue
            }
            values[language, default: []].append(value)
        }
        for (language, own) in values {
            let sorted = own.map(\.perplexity).sorted()
            let last = Double(sorted.count - 1)
            var limit = Double.infinity
            if settings.worstShare > 0 { limit = sorted[Int((last * (1 - settings.worstShare)).rounded())] }
            if settings.medianTimes > 0 { limit = min(limit, settings.medianTimes * sorted[sorted.count / 2]) }
            if limit.isFinite { models.facts.perplexityMax[language] = limit }
            if settings.predictableShare > 0 {
                models.facts.perplexityMin[language] = sorted[Int((last * settings.predictableShare).rounded())]
            }
            if settings.disorderedShare > 0 {
                let place = Int((last * settings.disorderedShare).rounded())
                models.facts.orderMin[language] = own.map(\.order).sorted()[place]
            }
        }
    }

    // MARK: Classifier

    private func learn(_ models: inout LearntModels, _ settings: Classifier.Settings, _ sample: [WashedDocument]) throws
    {
        let good = try texts(settings.like, bytesMax: .max, documentsMax: settings.documentsMax)
        let bad =
            settings.unlike.isEmpty
            ? Array(sample.prefix(settings.documentsMax))
            : try texts(settings.unlike, bytesMax: .max, documentsMax: settings.documentsMax)
        guard !good.isEmpty, !bad.isEmpty else {
            throw WashingError.step(
                name: Classifier.name, reason: "\(good.count) texts are wanted and \(bad.count) are not; it needs both")
        }
        let scan = TextScan()
        var (taught, held): ([LinearClassifier.Example], [LinearClassifier.Example]) = ([], [])
        for (document, isGood) in good.map({ ($0, true) }) + bad.map({ ($0, false) }) {
            scan.scan(document.text)
            let example = LinearClassifier.Example(features: LinearClassifier.features(scan), isGood: isGood)
            if Self.isHeldOut(document) { held.append(example) } else { taught.append(example) }
        }
        let classifier = LinearClassifier.learn(taught)
        models.classifier = classifier
        models.facts.good = good.count
        models.facts.bad = bad.count
        let thresholds = Set(Self.thresholds + [settings.shareMin]).sorted()
        models.facts.scores = classifier.scores(held, thresholds: thresholds)
    }

    // MARK: Texts

    private static func isHeldOut(_ document: WashedDocument) -> Bool {
        Hashing.hash(document.text, seed: 7) % heldOut == 0
    }

    /// Documents of all units that pass the steps before the first that learns.
    private func sample() throws -> [WashedDocument] {
        let total = steps.perplexity?.sampleBytes ?? (16 << 20)
        let each = max(64 << 10, total / max(1, plan.units.count))
        var chain = StepChain(
            steps.chain(LearntModels(), before: steps.firstLearner), limits: options.limits)
        var documents: [WashedDocument] = []
        for unit in plan.units {
            let source = DocumentSource(unit.pieces, limits: options.limits, options: options.raw)
            var bytes = 0
            while bytes < each, let document = source.nextDocument() {
                try options.checkStopped()
                var document = document
                guard chain.wash(&document) else { continue }
                identify(&document)
                bytes += document.text.count
                documents.append(document)
            }
            meter.add(bytes)
        }
        return documents
    }

    /// Text that the recipe names, washed by the steps before so that it is in the same form; none of it is dropped.
    private func texts(_ paths: [String], bytesMax: Int, documentsMax: Int = .max) throws -> [WashedDocument] {
        let files = try RawFiles.find(paths)
        let pieces = WashingPlan(files: files, recipe: steps.recipe, limits: options.limits).units.flatMap(\.pieces)
        let source = DocumentSource(pieces, limits: options.limits, options: options.raw)
        var chain = StepChain(
            steps.chain(LearntModels(), before: steps.firstLearner), limits: options.limits)
        var documents: [WashedDocument] = []
        var bytes = 0
        while bytes < bytesMax, documents.count < documentsMax, let document = source.nextDocument() {
            try options.checkStopped()
            var document = document
            _ = chain.wash(&document)
            identify(&document)
            bytes += document.text.count
            if !document.text.isEmpty { documents.append(document) }
        }
        return documents
    }

    private func identify(_ document: inout WashedDocument) {
        guard document.language.isEmpty else { return }
        let scan = TextScan()
        scan.scan(document.text)
        document.language = LanguageShares.code(scan)
    }
}
