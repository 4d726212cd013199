import Dialogue
import Templates

extension SupervisedRenderer {
    /// An answer as the last message of its conversation.
    struct Turn {
        /// The conversation up to the answer's end token.
        var tokens: [Int32]
        /// Of `tokens`: what is taught. Several ranges where the template marks parts of the answer.
        var targets: [Range<Int>]

        func mark(_ isTarget: inout [Bool]) {
            for place in targets.joined() { isTarget[place] = true }
        }
    }

    /// Renders the conversation up to an answer as serving comes to it: a prompt first, then what the answer adds.
    func turn(_ messages: [Message], _ tools: [Tool], _ answer: Int) throws(RenderingError) -> Turn {
        let opening = try rendered(messages[..<answer], tools, addGenerationPrompt: true)
        let written = try rendered(messages[...answer], tools, addGenerationPrompt: false)
        guard let start = written.byteCount(after: opening) else {
            let parts = opening.difference(from: written)
            throw .openingDiffers(message: answer, opening: parts.0, written: parts.1)
        }
        let marked = written.answers.compactMap { range in
            range.upperBound > start ? max(start, range.lowerBound)..<range.upperBound : nil
        }
        let borders = Set(marked.flatMap { [$0.lowerBound, $0.upperBound] } + [start]).sorted()
        let (tokens, counts) = tokenizer.encode(prompt: written.parts, borders: borders)
        guard let end = tokens[counts[0]...].firstIndex(where: endTokens.contains) else {
            throw .noEndToken(message: answer)
        }
        let tokensBefore = Dictionary(uniqueKeysWithValues: zip(borders, counts))
        var targets = [counts[0]..<end + 1]
        if !written.answers.isEmpty {
            targets = marked.compactMap { range in
                guard let first = tokensBefore[range.lowerBound], let last = tokensBefore[range.upperBound], first < end
                else { return nil }
                return first..<min(last, end)
            }
            // A template may mark the answer alone; its end is taught in any case.
            if !targets.isEmpty { targets.append(end..<end + 1) }
        }
        return Turn(tokens: Array(tokens[...end]), targets: targets)
    }

    func rendered(
        _ messages: ArraySlice<Message>, _ tools: [Tool], addGenerationPrompt: Bool
    ) throws(RenderingError) -> RenderedPrompt {
        do {
            return try template.render(
                messages: Array(messages), tools: tools, addGenerationPrompt: addGenerationPrompt,
                extra: options.variables, now: options.now)
        } catch {
            throw .template("\(error)")
        }
    }
}

extension RenderedPrompt {
    /// As the tokenizer takes them.
    var parts: [(text: String, isTrusted: Bool)] { segments.map { ($0.text, $0.isTrusted) } }

    /// The UTF-8 bytes of a beginning of this prompt; nil when it does not begin so, character for character and
    /// with the same trust.
    func byteCount(after beginning: RenderedPrompt) -> Int? {
        guard let last = beginning.segments.last else { return 0 }
        let index = beginning.segments.count - 1
        guard index < segments.count, segments[..<index].elementsEqual(beginning.segments.dropLast()),
            segments[index].isTrusted == last.isTrusted, segments[index].text.utf8.starts(with: last.text.utf8)
        else { return nil }
        return beginning.segments.reduce(0) { $0 + $1.text.utf8.count }
    }

    /// What stands in each where two prompts part, short enough for an error.
    func difference(from other: RenderedPrompt) -> (String, String) {
        let (left, right) = (Array(text.unicodeScalars), Array(other.text.unicodeScalars))
        var place = zip(left, right).prefix { $0 == $1 }.count
        // A part of a tag says little.
        if let tag = left[..<place].lastIndex(of: "<"), place - tag < 24 { place = tag }
        func excerpt(_ scalars: [Unicode.Scalar]) -> String {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[place...].prefix(40))
            return String(view).replacing("\n", with: "\\n")
        }
        return (excerpt(left), excerpt(right))
    }
}
