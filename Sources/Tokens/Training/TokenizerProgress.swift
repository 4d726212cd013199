/// How far the training of a vocabulary is.
public enum TokenizerProgress: Sendable, Equatable {
    /// Bytes of text whose words have been counted.
    case counted(bytes: Int)
    /// Merges that have been found, of those wanted.
    case merged(Int, of: Int)
}
