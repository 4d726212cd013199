/// Finds examples that repeat earlier ones.
///
///     var census = DuplicateCensus()
///     let first = census.add(example)      // nil, or what it repeats
package struct DuplicateCensus: Sendable {
    package struct Repeat: Sendable {
        package var source: SourceLine
        /// The first example with the same content.
        package var first: SourceLine
        /// Down to the last character, or after normalising only.
        package var isExact: Bool
    }

    private var exact: [ContentHash: SourceLine] = [:]
    private var normalized: [ContentHash: SourceLine] = [:]
    private var questions: Set<ContentHash> = []
    /// Examples that are the same as an earlier one, character for character.
    package private(set) var exactRepeats = 0
    /// Examples that are the same as an earlier one once case, width, white space and punctuation are left out; those
    /// that are the same in any case are among them.
    package private(set) var normalizedRepeats = 0
    /// Different first questions.
    package var questionCount: Int { questions.count }

    package init() {}

    /// - Returns: what it repeats; nil for the first of its kind.
    package mutating func add(_ example: InstructionExample) -> Repeat? {
        questions.insert(ContentHash(question: example))
        let (whole, words) = (ContentHash(exact: example), ContentHash(normalized: example))
        if let first = exact[whole] {
            exactRepeats += 1
            normalizedRepeats += 1
            return Repeat(source: example.source, first: first, isExact: true)
        }
        exact[whole] = example.source
        if let first = normalized[words] {
            normalizedRepeats += 1
            return Repeat(source: example.source, first: first, isExact: false)
        }
        normalized[words] = example.source
        return nil
    }
}
