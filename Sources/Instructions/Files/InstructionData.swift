/// All examples of some files, in memory.
///
///     let data = try InstructionData(paths: ["mine.jsonl"], skipsBroken: false)
///     data.examples.count
package struct InstructionData: Sendable {
    package let examples: [InstructionExample]
    /// How many examples each schema gave.
    package let schemas: [Schema: Int]
    /// The first records that are no examples.
    package let faults: [DataFault]
    /// All of those.
    package let faultCount: Int

    /// - Parameters:
    ///   - skipsBroken: records that are no examples are counted and passed over.
    ///   - progress: told the bytes that have been read, now and then.
    /// - Throws: `InstructionsError.broken` when records are no examples and may not be passed over.
    package init(
        paths: [String], skipsBroken: Bool, limits: InstructionLimits = InstructionLimits(),
        progress: (_ bytesRead: Int, _ bytes: Int) throws -> Void = { _, _ in }
    ) throws {
        let files = try InstructionFiles(paths: paths, limits: limits)
        var reader = ExampleReader(files)
        var examples: [InstructionExample] = []
        var schemas: [Schema: Int] = [:]
        var faults: [DataFault] = []
        var faultCount = 0
        let recordsBetweenReports = 256
        while let item = try reader.next() {
            switch item {
            case .example(let example, let schema):
                guard examples.count < limits.examplesMax else {
                    throw InstructionsError.tooManyExamples(path: paths[0], limit: limits.examplesMax)
                }
                examples.append(example)
                schemas[schema, default: 0] += 1
            case .fault(let fault):
                faultCount += 1
                if faults.count < limits.faultsShownMax { faults.append(fault) }
            }
            if (examples.count + faultCount) % recordsBetweenReports == 0 {
                try progress(reader.bytesRead, files.bytes)
            }
        }
        if faultCount > 0, !skipsBroken {
            throw InstructionsError.broken(faults: Array(faults.prefix(Self.faultsInErrorMax)), count: faultCount)
        }
        self.examples = examples
        self.schemas = schemas
        self.faults = faults
        self.faultCount = faultCount
    }

    /// Faults that an error tells.
    private static let faultsInErrorMax = 10
}
