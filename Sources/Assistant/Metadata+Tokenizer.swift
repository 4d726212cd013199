import Tokens
import Weights

/// A GGUF file's metadata has all that its tokenizer is made of.
extension Metadata: TokenizerMetadata {}
