import Corpus
import JSON

/// What a recipe says of single documents: every rule's value, whatever drops them.
package struct Explanation: Sendable {
    /// A part that a step took out, or something it counted.
    package struct Change: Sendable {
        package var step: String
        package var name: String
        package var count: Int
        /// Taken out; nil where it was only counted.
        package var bytes: Int?
    }

    package var origin: String
    package var language: String
    package var bytesBefore: Int
    package var bytesAfter: Int
    package var rules: [Verdict.Check]
    package var changes: [Change]
    /// The beginning of the text as it would be written.
    package var text: String

    /// The rule that drops it first.
    package var reason: Verdict.Check? { rules.first { !$0.isKept } }
    package var isKept: Bool { reason == nil && bytesAfter > 0 }

    private static let textBytesMax = 600

    /// Explains the documents of a file, at most so many. Steps that a washing has to be learnt for are left out unless
    /// `washed` names the folder of one with the same recipe; steps on all documents together are always left out.
    package static func explain(
        _ path: String, _ steps: RecipeSteps, washed: String?, options: WashingOptions, documentsMax: Int = 100
    ) throws -> [Explanation] {
        let folder = washed.map { WashingFolder(path: $0) }
        let isLearnt = folder.map { WashingFiles.exists($0.learnt + "/learnt.json") } ?? false
        let models = try isLearnt ? LearntModels(folder: folder?.learnt ?? "") : LearntModels()
        let chain = StepChain(steps.chain(models), limits: options.limits)
        let pieces = WashingPlan(files: try RawFiles.find([path]), recipe: steps.recipe, limits: options.limits)
            .units.flatMap(\.pieces)
        let source = DocumentSource(pieces, limits: options.limits, options: options.raw)
        var explanations: [Explanation] = []
        while explanations.count < documentsMax, var document = source.nextDocument() {
            let before = document.text.count
            let rules = chain.explain(&document)
            let changes =
                chain.trims.map { Change(step: $0.step, name: $0.rule, count: $0.parts, bytes: $0.bytes) }
                + chain.measures.map { Change(step: $0.step, name: $0.name, count: $0.count) }
            explanations.append(
                Explanation(
                    origin: document.origin, language: document.language, bytesBefore: before,
                    bytesAfter: document.text.count, rules: rules, changes: changes,
                    text: UTF8Text.prefix(document.text, bytesMax: textBytesMax)))
        }
        if explanations.isEmpty, let fault = source.faultTexts.first {
            throw WashingError.step(name: "read", reason: fault)
        }
        return explanations
    }

    package var json: JSONValue {
        let rules = rules.map { rule -> JSONValue in
            [
                "step": .string(rule.step), "rule": .string(rule.rule), "value": .double(rule.value),
                "limit": .double(rule.limit), "kept": .bool(rule.isKept),
            ]
        }
        let changes = changes.map { change -> JSONValue in
            [
                "step": .string(change.step), "name": .string(change.name), "count": .int(change.count),
                "bytes": change.bytes.map { .int($0) } ?? .null,
            ]
        }
        return [
            "origin": .string(origin), "kept": .bool(isKept), "language": .string(language),
            "bytes_before": .int(bytesBefore), "bytes_after": .int(bytesAfter), "rules": .array(rules),
            "changes": .array(changes), "text": .string(text),
        ]
    }
}
