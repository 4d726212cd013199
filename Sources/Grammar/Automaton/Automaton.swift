/// A grammar in the form that is run: for each rule a deterministic automaton over bytes and calls of other rules.
///
/// What has been read is described by stacks of states (`Frame`): the top one reads, those below wait for the rules
/// above them to end. There is more than one stack where a text can be read in more than one way.
struct Automaton: Sendable {
    struct ByteEdge: Sendable {
        var low: UInt8
        var high: UInt8
        var to: Int32
    }

    struct Call: Sendable {
        /// Where the called rule starts.
        var start: Int32
        /// Where to go on after it; -1 when the calling rule then ends too, and need not be returned to.
        var to: Int32
    }

    /// A state that counts how often a rule is read.
    struct Count: Sendable {
        var start: Int32
        var min: Int32
        /// -1: any number.
        var max: Int32
    }

    struct State: Sendable {
        var edges: Range<Int32> = 0..<0
        var calls: Range<Int32> = 0..<0
        var isAccepting = false
        /// Into `counts`; -1 for ordinary states.
        var count: Int32 = -1
    }

    var states: [State] = []
    var byteEdges: [ByteEdge] = []
    var calls: [Call] = []
    var counts: [Count] = []
    /// Where the root starts.
    var start: Int32 = 0
    let stacksMax: Int
    let framesMax: Int

    init(stacksMax: Int, framesMax: Int) {
        self.stacksMax = stacksMax
        self.framesMax = framesMax
    }
}
