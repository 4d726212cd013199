import Templates

/// Comparing and joining prompts, character for character and with the same trust.
extension RenderedPrompt {
    /// As the tokenizer takes them.
    var parts: [(text: String, isTrusted: Bool)] { segments.map { ($0.text, $0.isTrusted) } }

    /// In UTF-8.
    var byteCount: Int { segments.reduce(0) { $0 + $1.text.utf8.count } }

    func starts(with beginning: RenderedPrompt) -> Bool {
        guard let last = beginning.segments.last else { return true }
        let index = beginning.segments.count - 1
        return index < segments.count && segments[..<index].elementsEqual(beginning.segments.dropLast())
            && segments[index].isTrusted == last.isTrusted && segments[index].text.utf8.starts(with: last.text.utf8)
    }

    /// What this prompt adds to its beginning, when that is the template's own text; nil for anything else.
    func trustedText(after beginning: RenderedPrompt) -> String? {
        guard starts(with: beginning), let last = segments.last, last.isTrusted else { return nil }
        let count = byteCount - beginning.byteCount
        guard count > 0, count <= last.text.utf8.count else { return nil }
        return String(last.text.utf8.suffix(count))
    }

    /// The bytes up to the end of the last `heading` in the template's own text; nil unless there are as many headings
    /// as in `other`, which asks for the answer that follows the last.
    func end(of heading: String, in other: RenderedPrompt) -> Int? {
        let places = ends(of: Array(heading.utf8))
        return places.count == other.ends(of: Array(heading.utf8)).count ? places.last : nil
    }

    private func ends(of heading: [UInt8]) -> [Int] {
        var found: [Int] = []
        var start = 0
        for segment in segments {
            let text = Array(segment.text.utf8)
            var place = 0
            while segment.isTrusted, place + heading.count <= text.count {
                if text[place...].starts(with: heading) {
                    place += heading.count
                    found.append(start + place)
                } else {
                    place += 1
                }
            }
            start += text.count
        }
        return found
    }

    /// This prompt and the end of another, with the answers that stand there.
    func followed(by other: RenderedPrompt, after start: Int) -> RenderedPrompt {
        var joined = self
        var place = 0
        for segment in other.segments {
            let text = segment.text.utf8
            let from = min(text.count, max(0, start - place))
            place += text.count
            joined.append(String(decoding: text.dropFirst(from), as: UTF8.self), isTrusted: segment.isTrusted)
        }
        let shift = byteCount - start
        joined.answers = other.answers.compactMap { range in
            range.upperBound > start ? max(start, range.lowerBound) + shift..<range.upperBound + shift : nil
        }
        return joined
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
