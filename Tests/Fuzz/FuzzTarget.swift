/// Something that reads bytes from outside.
struct FuzzTarget: Sendable {
    let name: String
    /// Sound inputs to begin with.
    let seeds: [[UInt8]]
    /// Pieces that the format gives a meaning to.
    let words: [[UInt8]]
    /// Reads an input; false when it was refused with an error. Must not trap, hang, or take memory without bound.
    let accepts: @Sendable ([UInt8]) -> Bool
}
