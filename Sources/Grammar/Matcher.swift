/// How far a text has come in a grammar. A value: a copy goes its own way.
public struct Matcher: Sendable {
    let automaton: Automaton
    private(set) var configuration: Configuration

    init(automaton: Automaton) {
        self.automaton = automaton
        configuration = automaton.initial
    }

    /// Whether the text so far is whole.
    public var isComplete: Bool { configuration.hasEnded }

    /// Reads on. False, and nothing changes, when no text that fits goes on like this.
    @discardableResult
    public mutating func read(_ bytes: some Sequence<UInt8>) -> Bool {
        var next = configuration
        for byte in bytes {
            next = automaton.step(next, byte)
            if next.isDead { return false }
        }
        configuration = next
        return true
    }

    @discardableResult
    public mutating func read(_ text: String) -> Bool { read(Array(text.utf8)) }
}
