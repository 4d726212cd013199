struct UnigramLattice { }
struct UnigramModel: Sendable {
    func encode(_ text: [UInt8], _ start: Int, _ end: Int, _ scratch: inout Scratch, into output: inout [Int32]) {}
}
