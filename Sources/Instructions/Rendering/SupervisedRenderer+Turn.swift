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
        var written = try rendered(messages[...answer], tools, addGenerationPrompt: false)
        let start = opening.byteCount
        if !written.starts(with: opening) {
            let bare = try? rendered(messages[..<answer], tools, addGenerationPrompt: false)
            guard let heading = bare.flatMap({ opening.trustedText(after: $0) }),
                let end = written.end(of: heading, in: opening)
            else {
                let parts = opening.difference(from: written)
                throw .openingDiffers(message: answer, opening: parts.0, written: parts.1)
            }
            // The history is written in another way once the answer stands after it: serving's way counts.
            written = opening.followed(by: written, after: end)
        }
        let marked = written.answers.compactMap { range in
            range.upperBound > start ? max(start, range.lowerBound)..<range.upperBound : nil
        }
        let borders = Set(marked.flatMap { [$0.lowerBound, $0.upperBound] } + [start]).sorted()
        let (tokens, counts) = tokenizer.encode(prompt: written.parts, borders: borders)
        guard let end = tokens[counts[0]...].firstIndex(where: endTokens.contains) else {
            throw .noEndToken(message: answer)
        }
        guard end > counts[0] else { throw .nothingWritten(message: answer) }
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
