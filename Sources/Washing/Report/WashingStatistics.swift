/// What a unit of a washing counted; units add up to the whole, in any order.
package struct WashingStatistics: Codable, Equatable, Sendable {
    package struct Amount: Codable, Equatable, Sendable {
        package var documents = 0
        package var bytes = 0

        package init(documents: Int = 0, bytes: Int = 0) {
            self.documents = documents
            self.bytes = bytes
        }

        package mutating func add(_ bytes: Int) {
            documents += 1
            self.bytes += bytes
        }

        static func += (left: inout Amount, right: Amount) {
            left.documents += right.documents
            left.bytes += right.bytes
        }
    }

    /// What is told of the text once before and once after washing.
    package struct Portrait: Codable, Equatable, Sendable {
        package var total = Amount()
        package var languages: [String: Amount] = [:]
        package var sources: [String: Amount] = [:]
        package var domains: [String: Amount] = [:]
        /// Documents by length: the key is the length's power of two, in bytes.
        package var lengths: [String: Int] = [:]

        mutating func add(language: String, source: String, domain: String?, bytes: Int, domainsMax: Int) {
            total.add(bytes)
            languages[language.isEmpty ? "?" : language, default: Amount()].add(bytes)
            sources[source, default: Amount()].add(bytes)
            lengths[String(Int.bitWidth - max(1, bytes).leadingZeroBitCount - 1), default: 0] += 1
            guard let domain, domains.count < domainsMax || domains[domain] != nil else { return }
            domains[domain, default: Amount()].add(bytes)
        }

        mutating func merge(_ other: Portrait) {
            total += other.total
            languages.merge(other.languages) { $0 + $1 }
            sources.merge(other.sources) { $0 + $1 }
            domains.merge(other.domains) { $0 + $1 }
            lengths.merge(other.lengths) { $0 + $1 }
        }
    }

    /// A document that a rule dropped, or nearly dropped.
    package struct Sample: Codable, Equatable, Sendable {
        /// Of the text: the lowest are kept, which is a choice that no order has a say in.
        package var hash: UInt64
        package var origin: String
        package var value: Double
        package var limit: Double
        package var text: String
    }

    package struct Rule: Codable, Equatable, Sendable {
        package var dropped = Amount()
        package var nearlyDropped = 0
        /// Parts of documents that were taken out, and their bytes.
        package var parts = 0
        package var partBytes = 0
        package var samples: [Sample] = []
        package var nearSamples: [Sample] = []
    }

    package struct Step: Codable, Equatable, Sendable {
        package var name: String
        package var input = Amount()
        package var output = Amount()
        package var rules: [String: Rule] = [:]
        /// What was counted and dropped nothing.
        package var measures: [String: Int] = [:]
    }

    package var steps: [Step]
    package var before = Portrait()
    package var after = Portrait()
    /// Bytes of the input files as they lie on disk.
    package var fileBytes = 0
    package var faults = 0
    package var faultTexts: [String] = []

    package init(steps: [String]) { self.steps = steps.map { Step(name: $0) } }
}

extension WashingStatistics.Amount {
    static func + (left: Self, right: Self) -> Self {
        Self(documents: left.documents + right.documents, bytes: left.bytes + right.bytes)
    }
}

extension WashingStatistics {
    /// - Precondition: of the same recipe.
    package mutating func merge(_ other: WashingStatistics, limits: WashingLimits) {
        precondition(steps.count == other.steps.count, "statistics of one recipe")
        before.merge(other.before)
        after.merge(other.after)
        fileBytes += other.fileBytes
        faults += other.faults
        faultTexts = Array((faultTexts + other.faultTexts).prefix(limits.faultsKept))
        for place in steps.indices { steps[place].merge(other.steps[place], limits) }
    }
}

extension WashingStatistics.Step {
    mutating func merge(_ other: Self, _ limits: WashingLimits) {
        input += other.input
        output += other.output
        measures.merge(other.measures) { $0 + $1 }
        for (name, rule) in other.rules { rules[name, default: .init()].merge(rule, limits) }
    }
}

extension WashingStatistics.Rule {
    mutating func merge(_ other: Self, _ limits: WashingLimits) {
        dropped += other.dropped
        nearlyDropped += other.nearlyDropped
        parts += other.parts
        partBytes += other.partBytes
        for sample in other.samples { Self.keep(sample, in: &samples, limits.samplesKept) }
        for sample in other.nearSamples { Self.keep(sample, in: &nearSamples, limits.samplesKept) }
    }

    /// Whether a sample of this hash would be kept.
    static func wants(_ hash: UInt64, in samples: [WashingStatistics.Sample], _ count: Int) -> Bool {
        samples.count < count || hash < (samples.last?.hash ?? 0)
    }

    /// Keeps the samples of lowest hash, in order; of a tie, which is the same text, the first by origin.
    static func keep(
        _ sample: WashingStatistics.Sample, in samples: inout [WashingStatistics.Sample], _ count: Int
    ) {
        let place =
            samples.firstIndex { ($0.hash, $0.origin) >= (sample.hash, sample.origin) } ?? samples.count
        guard place < count else { return }
        samples.insert(sample, at: place)
        if samples.count > count { samples.removeLast() }
    }
}
