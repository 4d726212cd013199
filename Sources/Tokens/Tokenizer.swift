import Synchronization

/// Text to token ids and back, exactly as the model was trained with.
///
///     let tokenizer = try Tokenizer.gguf(metadata)
///     let ids = tokenizer.encode("你好, world", special: false)
///     tokenizer.decode(ids, special: false)          // "你好, world"
///
/// A value of this type is immutable but for caches and may be used from any thread. Encoding never fails and never
/// traps, whatever the bytes; its time is linear in the text (n log n within one unbroken piece).
///
/// Two references exist, and they differ in rare places. Files of Hugging Face's kind are read as its tokenizers
/// package reads them, GGUF files as llama.cpp reads them, except that here:
/// - control tokens are never the result of merging ordinary text;
/// - classes of scalars are those of Unicode 16, also for GGUF files (llama.cpp has Unicode 15);
/// - of overlapping added tokens the leftmost wins (llama.cpp: the longest anywhere);
/// - "</s>" is a control token only where the file says so (llama.cpp: in every vocabulary that has it);
/// - patterns that tell upper from lower case do so for all letters, and have marks in words (llama.cpp: a-z, A-Z);
/// - numbers in threes, in SuperBPE's pattern, are of ASCII digits, as llama.cpp has it (Hugging Face: of any script);
/// - the ranges of DeepSeek LLM's patterns hold what they name, also white space beyond ASCII (llama.cpp hides it).
public final class Tokenizer: Sendable {
    let vocabulary: Vocabulary
    let pipeline: Pipeline
    /// Tokens that pieces can become, by their bytes.
    let tokens: TokenTable

    /// Token that begins a text, if there is one.
    public let bosID: Int32?
    /// Token that ends a text, if there is one.
    public let eosID: Int32?
    public let padID: Int32?
    public let unknownID: Int32?
    /// Tokens after which a model has said all it wants to say: eos, and those like `<|im_end|>` and `<end_of_turn>`.
    public let endOfTurnIDs: Set<Int32>
    /// Whether prompts of this model begin with `bosID`, and end with `eosID`.
    public let addsBOS: Bool
    public let addsEOS: Bool
    /// Whether decoding leaves out one space at the very start, which encoding put there.
    let stripsLeadingSpace: Bool

    private let scratches = Mutex<[Scratch]>([])
    private static let scratchesMax = 8

    init(_ parts: TokenizerParts) {
        vocabulary = parts.vocabulary
        pipeline = parts.pipeline
        tokens = parts.tokens
        bosID = parts.bosID
        eosID = parts.eosID
        padID = parts.padID
        unknownID = parts.unknownID
        endOfTurnIDs = parts.endOfTurnIDs
        addsBOS = parts.addsBOS
        addsEOS = parts.addsEOS
        stripsLeadingSpace = parts.stripsLeadingSpace
    }

    /// Number of ids; valid ids are 0 ..< vocabularySize.
    public var vocabularySize: Int { vocabulary.count }

    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - special: whether control tokens written in the text ("<|im_end|>") are read as such. False for any text
    ///     from outside. Tokens that were added to the vocabulary as ordinary words are read in any case.
    ///   - addBOS: whether to begin with `bosID`, if there is one. See `addsBOS` for what the model expects.
    public func encode(_ text: String, special: Bool, addBOS: Bool = false) -> [Int32] {
        encode(Array(text.utf8), .isUTF8, special ? .all : .noControl, addBOS)
    }

    /// The tokens of bytes that should be, but need not be UTF-8.
    ///
    /// Byte-level models read each byte that belongs to no sequence as U+FFFD and accept overlong forms and surrogates
    /// as the scalars they spell. SentencePiece byte-pair models give the bytes' own tokens; there, as in llama.cpp,
    /// a cut-off sequence takes the bytes after it with it. Unigram models read U+FFFD, and those of GGUF files keep
    /// overlong forms and surrogates as they are.
    public func encode(bytes: [UInt8], special: Bool, addBOS: Bool = false) -> [Int32] {
        encode(bytes, .replacesBytes, special ? .all : .noControl, addBOS)
    }

    /// The tokens of any bytes, from which `bytes(of:)` makes the same bytes again.
    ///
    ///     let ids = tokenizer.encode(keeping: [0x61, 0xFF, 0x62], special: false)
    ///     tokenizer.bytes(of: ids)                        // [0x61, 0xFF, 0x62]
    ///
    /// Text has the tokens that `encode(_:special:)` gives it; a byte that is not UTF-8 (overlong forms and surrogates
    /// are none) has its own. This holds for byte-level vocabularies with all 256 bytes and no normaliser, which
    /// vocabularies trained here are. For other models this is `encode(bytes:special:)`.
    public func encode(keeping bytes: [UInt8], special: Bool, addBOS: Bool = false) -> [Int32] {
        encode(bytes, .keepsBytes, special ? .all : .noControl, addBOS)
    }

    func encode(_ text: [UInt8], _ validity: Pipeline.Validity, _ trust: Trust, _ addBOS: Bool) -> [Int32] {
        var output: [Int32] = []
        output.reserveCapacity(text.count / 3 + 2)
        if addBOS, let bosID { output.append(bosID) }
        withScratch { pipeline.encode(text, validity, trust, &$0, into: &output) }
        return output
    }

    /// Working memory that the next text uses again.
    func withScratch<Result>(_ body: (inout Scratch) -> Result) -> Result {
        var scratch = scratches.withLock { $0.popLast() } ?? Scratch()
        let result = body(&scratch)
        scratches.withLock { [scratch] in if $0.count < Self.scratchesMax { $0.append(scratch) } }
        return result
    }
}
