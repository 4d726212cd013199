/// Which examples are held out: a function of their question and a seed alone.
///
///     let split = DataSplit(heldOutShare: 0.1, seed: 1)
///     split.isHeldOut(example)
///
/// All examples with the same question, duplicates among them, are on one side; what is added to the data later moves
/// nothing that is there.
package struct DataSplit: Sendable {
    private let bound: UInt64
    private let seed: UInt64

    /// - Parameter heldOutShare: of the questions, 0 to 1; the share of examples differs where questions repeat.
    package init(heldOutShare: Double, seed: UInt64) {
        precondition((0...1).contains(heldOutShare), "a share")
        bound = heldOutShare >= 1 ? .max : UInt64(heldOutShare * 0x1p64)
        self.seed = seed
    }

    package func isHeldOut(_ example: InstructionExample) -> Bool {
        let question = ContentHash(question: example)
        return TextUnits.mixed(question.high ^ TextUnits.mixed(seed &+ 0x9e37_79b9_7f4a_7c15)) < bound
    }
}
