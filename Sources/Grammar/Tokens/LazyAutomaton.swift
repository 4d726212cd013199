/// An automaton's configurations with numbers, and where bytes lead from each, found out when first needed.
///
/// A walk over a vocabulary asks for the same few hundreds of steps a hundred thousand times.
struct LazyAutomaton {
    private let automaton: Automaton
    private var configurations: [Configuration] = []
    private var ids: [Configuration: Int32] = [:]
    /// For each configuration a row of targets, one for each class of bytes.
    private(set) var targets: [Int32] = []
    /// Whether the configuration has an ended stack.
    private(set) var hasEnded: [Bool] = []
    /// Bytes of a class lead to the same place from everywhere.
    let classes: [UInt8]
    let classCount: Int
    /// A byte of each class.
    private let examples: [UInt8]

    static let dead: Int32 = -1
    /// In `targets`: not found out yet.
    static let unknown: Int32 = -2
    /// Memory that the rows may take.
    private static let targetsMax = 4 << 20

    init(_ automaton: Automaton) {
        self.automaton = automaton
        var isCut = [Bool](repeating: false, count: 257)
        for edge in automaton.byteEdges {
            isCut[Int(edge.low)] = true
            isCut[Int(edge.high) + 1] = true
        }
        var classes: [UInt8] = []
        var examples: [UInt8] = []
        for byte in 0..<256 {
            if byte == 0 || isCut[byte] { examples.append(UInt8(byte)) }
            classes.append(UInt8(examples.count - 1))
        }
        (self.classes, self.examples, classCount) = (classes, examples, examples.count)
    }

    /// Whether so many configurations were met that no more can be remembered.
    var isFull: Bool { targets.count + classCount > Self.targetsMax }

    /// Forgets everything; numbers given before mean nothing then.
    mutating func clear() { self = LazyAutomaton(automaton) }

    mutating func id(of configuration: Configuration) -> Int32 {
        if configuration.isDead { return Self.dead }
        if let id = ids[configuration] { return id }
        // A walk that needs more than this is cut short: what it would still have found is not allowed.
        if isFull { return Self.dead }
        let id = Int32(configurations.count)
        ids[configuration] = id
        configurations.append(configuration)
        hasEnded.append(configuration.hasEnded)
        targets += repeatElement(Self.unknown, count: classCount)
        return id
    }

    /// Finds out where a byte leads.
    mutating func find(_ id: Int32, _ byte: UInt8) {
        let byteClass = classes[Int(byte)]
        let to = self.id(of: automaton.step(configurations[Int(id)], examples[Int(byteClass)]))
        targets[Int(id) * classCount + Int(byteClass)] = to
    }
}
