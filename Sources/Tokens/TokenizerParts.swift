/// What a loader found out, to make a `Tokenizer` of.
struct TokenizerParts {
    var vocabulary: Vocabulary
    var tokens: TokenTable
    var pipeline: Pipeline
    var bosID: Int32?
    var eosID: Int32?
    var padID: Int32?
    var unknownID: Int32?
    var endOfTurnIDs: Set<Int32> = []
    var addsBOS = false
    var addsEOS = false
    var stripsLeadingSpace = false
}
