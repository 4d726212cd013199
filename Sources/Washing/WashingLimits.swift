/// Bounds on what washing holds in memory and reads at once.
package struct WashingLimits: Sendable {
    /// Bytes of one document as text; a longer one is rejected and reported.
    package var documentBytesMax = 16 << 20
    /// Bytes of a recipe, and of a list of words.
    package var recipeBytesMax = 8 << 20
    /// Sections of a recipe.
    package var sectionsMax = 256
    /// Bytes, as they lie on disk, of one unit of work; a corpus is cut into at least `unitsWanted` where it can be.
    package var unitBytesMax = 64 << 20
    package var unitBytesMin = 4 << 20
    package var unitsWanted = 64
    /// Faults that a unit's statistics keep in words; all are counted.
    package var faultsKept = 20
    /// Samples that a rule keeps of what it dropped, and of what it nearly dropped.
    package var samplesKept = 5
    package var sampleBytesMax = 400
    /// Sites that a unit's statistics count apart.
    package var domainsMax = 2000
    /// Memory for merging runs of signatures.
    package var mergeBytesMax = 256 << 20

    package init() {}
}
