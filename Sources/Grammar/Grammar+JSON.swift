public import JSON

extension Grammar {
    /// JSON values that fit a JSON Schema (draft 2020-12), on one line with at most one space after commas and colons.
    ///
    /// A keyword that cannot be held to is an error that names it and where it stands; docs/structured-output.md lists
    /// what is understood.
    public init(jsonSchema: JSONValue, limits: GrammarLimits = GrammarLimits()) throws(GrammarError) {
        try self.init(try SchemaCompiler.compile(jsonSchema, limits))
    }

    /// Any JSON object, nested at most `GrammarLimits.anyValueDepthMax` deep.
    public static func jsonObject(limits: GrammarLimits = GrammarLimits()) throws(GrammarError) -> Grammar {
        try Grammar(jsonSchema: ["type": "object"], limits: limits)
    }
}
