/// Decides about the runs of text within the place, by themselves and by what stands around them.
struct RunJudge {
    private let tree: PageTree
    /// Texts in the order of the page.
    private let texts: [Int]
    private let verdicts: [Verdict]

    private enum Verdict { case good, neutral, bad }

    init(_ tree: PageTree, _ texts: [Int], _ isAnnounced: [Bool]) {
        self.tree = tree
        self.texts = texts
        verdicts = texts.map { isAnnounced[$0] ? Self.verdict(tree, $0, linkShareMax: 1) : Self.verdict(tree, $0) }
    }

    /// Headings before the first sentence are its own; more of them are a list of something else.
    private static let headingsBefore = 3
    /// Short runs after the last sentence that may belong to it, in the same parent.
    private static let runsAfter = 12

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
            case .bad: if place > first, place < last, isEnclosed(place) { kept.append(index) }
            case .neutral:
                if place < first ? isOpening(place, first) : place > last ? isClosing(place, last) : true {
                    kept.append(index)
                }
            }
        }
        while let index = kept.last, Imprint.isLike(tree.text[tree.nodes[index].text]) { kept.removeLast() }
        return kept
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
        return first - place <= Self.headingsBefore && isBeside(place, first)
    }

    private func isClosing(_ place: Int, _ last: Int) -> Bool {
        guard place - last <= Self.runsAfter else { return false }
        return isBeside(place, last)
    }

    /// Whether two runs, or the blocks that hold them, have one parent.
    private func isBeside(_ place: Int, _ other: Int) -> Bool {
        let parent = tree.nodes[texts[place]].parent
        let otherParent = tree.nodes[texts[other]].parent
        return parent == otherParent || tree.nodes[Int(parent)].parent == tree.nodes[Int(otherParent)].parent
    }

    private static func verdict(
        _ tree: PageTree, _ index: Int, linkShareMax: Float = ContentJudge.linkShareMax
    ) -> Verdict {
        let measure = tree.nodes[index].measure
        if measure.linkShare > linkShareMax { return .bad }
        let parent = tree.nodes[Int(tree.nodes[index].parent)].tag
        if parent == .preformatted { return .good }
        if parent.headingLevel > 0 { return .neutral }
        let isSentence =
            measure.words >= ContentJudge.longWords || measure.marks >= 2 || measure.endsSentence && measure.words >= 4
        return isSentence ? .good : .neutral
    }
}
