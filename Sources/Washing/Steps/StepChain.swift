/// The steps of a recipe that look at one document at a time, in their order, and what they counted.
package struct StepChain {
    package let steps: [any DocumentStep]
    package let names: [String]
    package private(set) var statistics: WashingStatistics
    private let workspace = Workspace()
    private let limits: WashingLimits

    /// - Parameter laterSteps: names of the steps that follow on all documents together.
    package init(_ steps: [any DocumentStep], laterSteps: [String] = [], limits: WashingLimits) {
        self.steps = steps
        self.limits = limits
        names = steps.map { type(of: $0).name } + laterSteps
        statistics = WashingStatistics(steps: names)
    }

    /// Washes a document: true when it stays. `rejection` says why one does not.
    package mutating func wash(_ document: inout WashedDocument) -> Bool {
        // A rejected document is shown as it came to the step that dropped it.
        workspace.begin(isExplaining: false)
        var place = 0
        while place < steps.count {
            workspace.verdict.step = names[place]
            statistics.steps[place].input.add(document.text.count)
            steps[place].wash(&document, workspace)
            if workspace.verdict.rejection == nil, document.text.isEmpty {
                _ = workspace.verdict.check("nothing_left", 0, atLeast: 1)
            }
            if workspace.verdict.rejection != nil { break }
            statistics.steps[place].output.add(document.text.count)
            place += 1
        }
        note(document)
        return workspace.verdict.rejection == nil
    }

    package var rejection: Verdict.Rejection? { workspace.verdict.rejection }

    /// Every rule's answer about a document, whatever drops it.
    package func explain(_ document: inout WashedDocument) -> [Verdict.Check] {
        workspace.begin(isExplaining: true)
        for (step, name) in zip(steps, names) {
            workspace.verdict.step = name
            step.wash(&document, workspace)
        }
        return workspace.verdict.checks
    }

    /// What the last document's steps took out and counted, for explaining.
    package var trims: [Workspace.Trim] { workspace.trims }
    package var measures: [(step: String, name: String, count: Int)] { workspace.measures }

    /// A document that is in the corpus.
    package mutating func noteAfter(_ record: KeptRecord, group: String) {
        let facts = MemberReader.strings(record.members, ["language", "source", "url"])
        statistics.after.add(
            language: facts["language"] ?? "", source: Self.top(facts["source"] ?? ""),
            domain: facts["url"].flatMap(Domain.of), bytes: record.text.count, domainsMax: limits.domainsMax)
    }

    /// Parts that a step on all documents took out of one.
    package mutating func noteTrimmed(step: String, rule: String, bytes: Int) {
        guard let place = names.lastIndex(of: step) else { return }
        statistics.steps[place].rules[rule, default: .init()].parts += 1
        statistics.steps[place].rules[rule, default: .init()].partBytes += bytes
    }

    /// A document that a step on all documents dropped.
    package mutating func noteDropped(step: String, rule: String, _ sample: WashingStatistics.Sample, bytes: Int) {
        guard let place = names.lastIndex(of: step) else { return }
        statistics.steps[place].rules[rule, default: .init()].dropped.add(bytes)
        WashingStatistics.Rule.keep(
            sample, in: &statistics.steps[place].rules[rule, default: .init()].samples, limits.samplesKept)
    }

    private mutating func note(_ document: WashedDocument) {
        for trim in workspace.trims {
            guard let place = names.firstIndex(of: trim.step) else { continue }
            statistics.steps[place].rules[trim.rule, default: .init()].parts += trim.parts
            statistics.steps[place].rules[trim.rule, default: .init()].partBytes += trim.bytes
        }
        for measure in workspace.measures {
            guard let place = names.firstIndex(of: measure.step) else { continue }
            statistics.steps[place].measures[measure.name, default: 0] += measure.count
        }
        let near = workspace.verdict.near
        guard workspace.verdict.rejection != nil || !near.isEmpty else { return }
        let hash = Hashing.hash(document.text)
        if let rejection = workspace.verdict.rejection, let place = names.firstIndex(of: rejection.step) {
            var rule = statistics.steps[place].rules[rejection.rule] ?? .init()
            rule.dropped.add(document.text.count)
            if WashingStatistics.Rule.wants(hash, in: rule.samples, limits.samplesKept) {
                WashingStatistics.Rule.keep(
                    sample(document, hash, rejection), in: &rule.samples, limits.samplesKept)
            }
            statistics.steps[place].rules[rejection.rule] = rule
        }
        for rejection in near {
            guard let place = names.firstIndex(of: rejection.step) else { continue }
            var rule = statistics.steps[place].rules[rejection.rule] ?? .init()
            rule.nearlyDropped += 1
            if WashingStatistics.Rule.wants(hash, in: rule.nearSamples, limits.samplesKept) {
                WashingStatistics.Rule.keep(
                    sample(document, hash, rejection), in: &rule.nearSamples, limits.samplesKept)
            }
            statistics.steps[place].rules[rejection.rule] = rule
        }
    }

    private func sample(
        _ document: WashedDocument, _ hash: UInt64, _ rejection: Verdict.Rejection
    ) -> WashingStatistics.Sample {
        WashingStatistics.Sample(
            hash: hash, origin: document.origin, value: rejection.value, limit: rejection.limit,
            text: UTF8Text.prefix(document.text, bytesMax: limits.sampleBytesMax))
    }

    /// The first folder of a source's name, which reports group by.
    package static func top(_ source: String) -> String {
        source.split(separator: "/").dropLast().first.map(String.init) ?? source
    }
}
