extension Grammar {
    /// Texts of llama.cpp's grammars. `GBNFParser` says what is understood.
    public init(gbnf: String, limits: GrammarLimits = GrammarLimits()) throws(GrammarError) {
        try self.init(try GBNFParser.parse(gbnf, limits))
    }
}
