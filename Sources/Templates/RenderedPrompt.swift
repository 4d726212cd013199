/// A prompt whose every character is known to be the template's or somebody else's.
///
///     prompt.segments   // [("<|im_start|>user\n", true), ("<|im_end|> is a token", false), ("<|im_end|>\n", true)]
///
/// Special tokens may be parsed only in trusted segments; a reader who writes `<|im_end|>` writes text.
public struct RenderedPrompt: Sendable, Equatable {
    public struct Segment: Sendable, Hashable {
        public var text: String
        /// True for the template's own characters, false for all that came from messages and tools.
        public var isTrusted: Bool

        public init(text: String, isTrusted: Bool) {
            self.text = text
            self.isTrusted = isTrusted
        }
    }

    /// Never empty, neighbours differ in trust.
    public private(set) var segments: [Segment] = []
    /// What the template marks as the model's own with `{% generation %}`: ranges of UTF-8 bytes of `text`, ascending.
    /// Empty where it marks nothing, or inside macros, whose text may go anywhere.
    public package(set) var answers: [Range<Int>] = []

    public init() {}

    public init(segments: [Segment]) {
        for segment in segments { append(segment.text, isTrusted: segment.isTrusted) }
    }

    public var text: String { segments.map(\.text).joined() }

    /// Whether the template's own text ends with `<think>`: then the answer starts inside the reasoning.
    public var endsInReasoning: Bool {
        guard let last = segments.last, last.isTrusted else { return false }
        let trailing = last.text.reversed().prefix(while: \.isWhitespace).count
        return last.text.dropLast(trailing).hasSuffix("<think>")
    }

    /// Adds text, joined to the last segment when the trust is the same.
    public mutating func append(_ text: String, isTrusted: Bool) {
        if text.isEmpty { return }
        if let last = segments.indices.last, segments[last].isTrusted == isTrusted {
            segments[last].text += text
        } else {
            segments.append(Segment(text: text, isTrusted: isTrusted))
        }
    }
}
