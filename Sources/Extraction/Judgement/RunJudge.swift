/// Decides about the runs of text within the place, by themselves and by what stands around them.
struct RunJudge {
    private let tree: PageTree
    /// Texts in the order of the page.
    private let texts: [Int]
    private let verdicts: [Verdict]

    private enum Verdict { case good, neutral, bad, out }

    init(_ tree: PageTree, _ texts: [Int], _ isAnnounced: [Bool]) {
        self.tree = tree
        self.texts = texts
        verdicts = texts.map { isAnnounced[$0] ? Self.verdict(tree, $0, linkShareMax: 1) : Self.verdict(tree, $0) }
    }

    /// Headings before the first sentence are its own; more of them are a list of something else.
    private static let headingsBefore = 3
    /// Short runs after the last sentence that may belong to it, in the same parent.
    private static let runsAfter = 12
    /// Items of a list after the last sentence.
    private static let itemsAfter = 60
    /// Short lines after the first sentence that may still say who wrote it and when.
    private static let linesOfByline = 8

    /// The texts that stay.
    func kept() -> [Int] {
        guard let first = verdicts.firstIndex(of: .good), let last = verdicts.lastIndex(of: .good) else {
            // A page of short lines, a poem say: what is not a link.
            return zip(texts, verdicts).filter { $0.1 == .neutral }.map(\.0)
        }
        var kept: [Int] = []
        kept.reserveCapacity(texts.count)
        for (place, index) in texts.enumerated() {
            switch verdicts[place] {
            case .good: kept.append(index)
            case .out: break
            case .bad: if place > first, place < last, isEnclosed(place) { kept.append(index) }
            case .neutral:
                let stays =
                    place < first
                    ? isOpening(place, first) : place > last ? isClosing(place, last) : isWithin(place, first)
                if stays { kept.append(index) }
            }
        }
        return withoutRepeats(withoutImprint(kept))
    }

    private func words(_ index: Int) -> ArraySlice<UInt8> { tree.text[tree.nodes[index].text] }

    /// Texts at the end among which an imprint may begin.
    private static let textsOfImprint = 8

    /// What was kept up to the first imprint after which nothing comes but imprints and short lines.
    private func withoutImprint(_ kept: [Int]) -> ArraySlice<Int> {
        var end = kept.count
        for place in kept.indices.suffix(Self.textsOfImprint).reversed() {
            let index = kept[place]
            if Imprint.isLike(words(index)) {
                end = place
            } else if tree.nodes[index].measure.words >= ContentJudge.longWords
                || isOfContent(tree.nodes[Int(tree.nodes[index].parent)].tag)
            {
                break
            }
        }
        return kept[..<end]
    }

    private func isOfContent(_ tag: PageTag) -> Bool { tag == .preformatted || tag.isListed }

    /// Texts without those that repeat the one before: a lead that is also the first paragraph.
    private func withoutRepeats(_ kept: ArraySlice<Int>) -> [Int] {
        var last: Int?
        return kept.filter { index in
            defer { last = index }
            guard let last, tree.nodes[index].measure.words >= ContentJudge.longWords, !isBeside(last, index),
                !isOfContent(tree.nodes[Int(tree.nodes[index].parent)].tag)
            else { return true }
            return words(last) != words(index)
        }
    }

    /// A short line of links between two sentences belongs to them when its parent holds one of them too: a list
    /// item, a paragraph that names a source.
    private func isEnclosed(_ place: Int) -> Bool {
        verdicts[place - 1] == .good && verdicts[place + 1] == .good
            || tree.nodes[texts[place]].measure.words <= 12 && verdicts[place - 1] != .bad
                && verdicts[place + 1] != .bad
    }

    private func isOpening(_ place: Int, _ first: Int) -> Bool {
        let parent = tree.nodes[Int(tree.nodes[texts[place]].parent)].tag
        if parent.headingLevel > 0 {
            let between = (place..<first).filter {
                tree.nodes[Int(tree.nodes[texts[$0]].parent)].tag.headingLevel > 0
            }
            return between.count <= Self.headingsBefore
        }
        return first - place <= Self.headingsBefore && isBeside(texts[place], texts[first])
            && !Furniture.isByline(words(texts[place]))
    }

    /// Between sentences all stays but a byline under the lead.
    private func isWithin(_ place: Int, _ first: Int) -> Bool {
        let parent = tree.nodes[Int(tree.nodes[texts[place]].parent)].tag
        return place - first > Self.linesOfByline || parent.isListed || parent.headingLevel > 0
            || !Furniture.isByline(words(texts[place]))
    }

    private func isClosing(_ place: Int, _ last: Int) -> Bool {
        if place - last <= Self.runsAfter, isBeside(texts[place], texts[last]) { return true }
        return place - last <= Self.itemsAfter && isListBeside(texts[place], texts[last])
    }

    /// Whether a text is of a list or table that stands beside what holds the other.
    private func isListBeside(_ text: Int, _ other: Int) -> Bool {
        var holder = Int(tree.nodes[text].parent)
        guard tree.nodes[holder].tag.isListed else { return false }
        while tree.nodes[holder].tag.isListed || tree.nodes[holder].tag.holdsListed {
            holder = Int(tree.nodes[holder].parent)
        }
        return holder == Int(tree.nodes[Int(tree.nodes[other].parent)].parent)
    }

    /// Whether two runs, or the blocks that hold them, have one parent.
    private func isBeside(_ text: Int, _ other: Int) -> Bool {
        let parent = tree.nodes[text].parent
        let otherParent = tree.nodes[other].parent
        return parent == otherParent || tree.nodes[Int(parent)].parent == tree.nodes[Int(otherParent)].parent
    }

    private static func verdict(
        _ tree: PageTree, _ index: Int, linkShareMax: Float = ContentJudge.linkShareMax
    ) -> Verdict {
        let measure = tree.nodes[index].measure
        let words = tree.text[tree.nodes[index].text]
        if Furniture.isMarkup(words) { return .out }
        let parent = tree.nodes[Int(tree.nodes[index].parent)].tag
        let isLine = !parent.isListed && parent.headingLevel == 0
        if measure.linkShare > linkShareMax { return isLine && Furniture.isPointer(words) ? .out : .bad }
        if parent == .preformatted { return .good }
        if parent.headingLevel > 0 { return .neutral }
        let isSentence =
            measure.words >= ContentJudge.longWords || measure.marks >= 2 || measure.endsSentence && measure.words >= 4
        if isSentence, measure.words < ContentJudge.longWords, !measure.endsSentence, Furniture.isByline(words) {
            return .neutral
        }
        if isSentence { return isLine && measure.links > 0 && Furniture.isPointer(words) ? .out : .good }
        guard isLine else { return .neutral }
        return Furniture.isPointer(words) || Furniture.isCredit(words) ? .out : .neutral
    }
}
