import JSON
import Kernels

extension CorpusIndex {
    private static let examplesMax = 3

    /// Counts a pattern in every source.
    ///
    /// Of a source with more than `habitBytesMax` bytes some documents are read, chosen by their numbers alone.
    ///
    /// - Parameters:
    ///   - model: what was counted in a model's answers.
    ///   - progress: the share that was read.
    package func habit(
        _ pattern: HabitPattern, model: HabitTally? = nil, on pool: WorkerPool, progress: (Double) -> Void = { _ in }
    ) throws(ProvenanceError) -> HabitReport {
        symbols.expectScatteredReads(false)
        defer { symbols.expectScatteredReads(true) }
        let shares = manifest.sources.map { min(1, Double(limits.habitBytesMax) / Double(max(1, $0.bytes))) }
        var tallies = Array(repeating: HabitTally(), count: shares.count)
        var examples = Array(repeating: [Int](), count: shares.count)
        let block = 1024
        for start in stride(from: 0, to: manifest.documents, by: block) {
            let numbers = start..<min(start + block, manifest.documents)
            var read = Array(repeating: Read.nothing, count: numbers.count)
            read.withUnsafeMutableBufferPointer { read in
                pool.forEach(count: numbers.count) { index, _ in
                    read[index] = self.read(numbers.lowerBound + index, pattern, shares)
                }
            }
            for (number, read) in zip(numbers, read) {
                switch read {
                case .nothing: continue
                case .fault(let error): throw error
                case .text(let source, let tally):
                    tallies[source] += tally
                    if tally.occurrences > 0, examples[source].count < Self.examplesMax {
                        examples[source].append(number)
                    }
                }
            }
            progress(Double(numbers.upperBound) / Double(manifest.documents))
        }
        var sources: [HabitReport.Source] = []
        for (source, tally) in tallies.enumerated() {
            sources.append(
                HabitReport.Source(
                    name: manifest.sources[source].name, tally: tally, share: shares[source],
                    examples: try examples[source].map { (number) throws(ProvenanceError) in
                        try example(number, pattern)
                    }
                ))
        }
        sources.sort { ($1.occurrences, $0.name) < ($0.occurrences, $1.name) }
        return HabitReport(pattern: pattern.text, sources: sources, model: model)
    }

    private enum Read {
        case nothing
        case text(source: Int, HabitTally)
        case fault(ProvenanceError)
    }

    private func read(_ number: Int, _ pattern: HabitPattern, _ shares: [Double]) -> Read {
        do throws(ProvenanceError) {
            let source = try record(number).source
            if shares[source] < 1 {
                var chance = SplitMix64(seed: UInt64(number))
                if chance.uniform() >= shares[source] { return .nothing }
            }
            var tally = HabitTally()
            tally.add(text(try symbolRange(of: number)), pattern)
            return .text(source: source, tally)
        } catch {
            return .fault(error)
        }
    }

    private func example(_ number: Int, _ pattern: HabitPattern) throws(ProvenanceError) -> HabitReport.Example {
        let record = try record(number)
        return HabitReport.Example(
            file: manifest.files[record.file], line: record.line, metadata: try metadata(of: number),
            excerpt: pattern.excerpt(of: text(try symbolRange(of: number))) ?? "")
    }
}
