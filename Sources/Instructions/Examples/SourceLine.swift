/// Where an example stands: what an error names.
package struct SourceLine: Sendable, Hashable, CustomStringConvertible {
    /// The file, as its path was given or found.
    package var file: String
    /// The line on which it begins, counted from 1.
    package var line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `data/mine.jsonl:12`
    package var description: String { "\(file):\(line)" }
}
