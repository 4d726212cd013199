/// Bounds on what a grammar may ask for. Grammars, schemas and expressions come from clients.
public struct GrammarLimits: Sendable {
    /// Bytes of a grammar's, schema's or expression's text.
    public var sourceBytesMax = 1 << 20
    /// How deep groups and schemas may nest.
    public var depthMax = 100
    /// How deep JSON may nest where a schema does not say what a value is, and in JSON mode.
    public var anyValueDepthMax = 24
    public var rulesMax = 20_000
    /// Parts of all rules.
    public var nodesMax = 400_000
    /// States of all rules' automata.
    public var statesMax = 100_000
    /// States of one automaton that stands for a string's pattern together with its length and its like.
    public var patternStatesMax = 20_000
    /// Steps that compiling may take.
    public var compileStepsMax = 20_000_000
    /// The larger number of a repetition, `x{m,n}`.
    public var repetitionsMax = 1_000_000
    /// Alternatives that the places of an enum or a merged schema may come to.
    public var alternativesMax = 20_000
    /// Readings of a text that may be open at once.
    public var stacksMax = 512
    /// Rules that may be open inside each other.
    public var framesMax = 2048
    /// Memory for one grammar's prepared masks.
    public var maskBytesMax = 16 << 20

    public init() {}
}
