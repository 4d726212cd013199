/// How runs of text are weighed, and what is cut.
extension ContentJudge {
    /// Runs of at least so many words are sentences even without marks.
    static let longWords: Float = 15
    /// More of a run in links than this, and it is navigation.
    static let linkShareMax: Float = 0.5

    mutating func findAnnounced() {
        var lastText = -1
        var index = 0
        while index < tree.nodes.count {
            let node = tree.nodes[index]
            if node.tag == .text {
                lastText = index
            } else if isList(node.tag) && lastText >= 0 && tree.endsWithColon(lastText) && isNear(lastText, index)
                || node.tag == .table && hasHead(index)
            {
                for inner in index..<Int(node.end) {
                    isAnnounced[inner] = true
                    if tree.nodes[inner].tag == .text { lastText = inner }
                }
                index = Int(node.end)
                continue
            }
            index += 1
        }
    }

    /// Whether a text stands beside a list, and not at the end of something else.
    private func isNear(_ text: Int, _ list: Int) -> Bool {
        let parent = Int(tree.nodes[list].parent)
        let holders = [parent, Int(tree.nodes[max(parent, 0)].parent)]
        var ancestor = Int(tree.nodes[text].parent)
        for _ in 0..<3 where ancestor >= 0 {
            if holders.contains(ancestor) { return true }
            ancestor = Int(tree.nodes[ancestor].parent)
        }
        return false
    }

    private func isList(_ tag: PageTag) -> Bool { tag == .unorderedList || tag == .orderedList || tag == .definitions }

    /// Whether a table says what its columns are, and is not one of the tables that pages are laid out with.
    private func hasHead(_ table: Int) -> Bool {
        var heads = 0
        for index in (table + 1)..<Int(tree.nodes[table].end) {
            switch tree.nodes[index].tag {
            case .table, .navigation: return false
            case .headerCell: heads += 1
            default: break
            }
        }
        return heads >= 2
    }

    mutating func weigh() {
        for index in tree.nodes.indices where tree.nodes[index].tag == .text {
            var measure = tree.nodes[index].measure
            if isAnnounced[index] { (measure.linkWords, measure.links) = (0, 0) }
            sums[index] = measure
            let weight = weight(of: index, measure)
            if weight > 0 { good[index] = weight } else { bad[index] = -weight }
        }
        sum()
    }

    /// Adds every node to its parent, children before parents; nothing of what is cut.
    mutating func sum() {
        for index in tree.nodes.indices where tree.nodes[index].tag != .text {
            (good[index], bad[index], sums[index]) = (0, 0, TextMeasure())
        }
        for index in tree.nodes.indices.dropFirst().reversed() where !isCut[index] {
            let parent = Int(tree.nodes[index].parent)
            good[parent] += good[index]
            bad[parent] += bad[index]
            sums[parent] += sums[index]
        }
    }

    private func weight(of index: Int, _ measure: TextMeasure) -> Float {
        let parent = tree.nodes[Int(tree.nodes[index].parent)].tag
        if measure.linkShare > Self.linkShareMax { return -measure.words }
        if parent == .preformatted { return measure.words * 0.6 }
        if parent.headingLevel > 0 { return 0 }
        let free = measure.words - 2 * measure.linkWords
        if measure.words >= Self.longWords || measure.marks >= 2 || measure.endsSentence && measure.words >= 4 {
            // Sentences have a mark about every ten words; a heap of names has none.
            let fullness = min(1, 0.4 + 0.06 * measure.words / max(1, measure.words / Float(max(measure.marks, 1))))
            return max(0, free) * (measure.marks > 0 ? max(fullness, 0.7) : 0.5)
        }
        return parent == .item || parent.isCell || parent == .term || parent == .definition ? 0 : -1
    }

    mutating func cut() {
        let whole = max(good[0], 1)
        var index = 1
        while index < tree.nodes.count {
            let node = tree.nodes[index]
            if isCut[index] || node.tag != .text && isToCut(index, whole) {
                isCut[index] = true
                index = Int(node.end)
            } else {
                cutCards(of: index, whole)
                index += 1
            }
        }
    }

    private func isToCut(_ index: Int, _ whole: Float) -> Bool {
        let node = tree.nodes[index]
        let share = good[index] / whole
        if node.hints.contains(.isMain) { return false }
        if node.hints.contains(.isHidden) { return share < 0.6 }
        switch node.tag {
        case .navigation: return share < 0.6
        // What stands under a picture that is not here.
        case .figureCaption: return share < 0.5
        case .aside, .footer, .form, .fieldset, .address: if share < 0.3 { return true }
        case .header: if share < 0.1, !isInArticle(index) { return true }
        default: break
        }
        if node.hints.contains(.isComment) { return share < 0.5 }
        if node.hints.contains(.isBoilerplate), node.tag != .article, node.tag != .main {
            let isDoubtful = node.hints.contains(.isContent)
            if share < (isDoubtful ? 0.1 : 0.3) { return true }
        }
        return isLinkList(index, share)
    }

    /// Whether a block is there for its links.
    private func isLinkList(_ index: Int, _ share: Float) -> Bool {
        let sum = sums[index]
        guard sum.links >= 2, share < 0.1 else { return false }
        switch tree.nodes[index].tag {
        case .unorderedList, .orderedList, .definitions, .division, .section, .table, .cell, .row, .center, .article:
            return sum.linkShare > (sum.links >= 4 ? 0.55 : 0.7)
        case .paragraph: return sum.linkShare > 0.8
        default: return false
        }
    }

    /// Blocks beside each other that each begin with a link and say a few words of it: teasers of other pages.
    private mutating func cutCards(of node: Int, _ whole: Float) {
        guard sums[node].links >= Self.cardsMin, tree.nodes[node].tag != .text else { return }
        let cards = children(of: node).filter(isCard)
        guard cards.count >= Int(Self.cardsMin) else { return }
        let weight = cards.reduce(0) { $0 + good[$1] }
        // Many teasers may outweigh a short text; a page of nothing else is a list that is wanted.
        let areTeasers = cards.allSatisfy(isHeaded)
        guard weight < 0.5 * whole || areTeasers && whole - weight > Self.textBesideCardsMin else { return }
        for card in cards { isCut[card] = true }
    }

    private static let cardsMin: Int32 = 3
    private static let cardWordsMax: Float = 80
    private static let textBesideCardsMin: Float = 100
    /// A card's link comes among its first texts: a category, a day may stand before it.
    private static let textsBeforeLink = 2
    private static let wordsBeforeLinkMax: Float = 5

    private func isCard(_ node: Int) -> Bool {
        let sum = sums[node]
        switch tree.nodes[node].tag {
        case .division, .section, .article, .item, .figure, .cell: break
        default: return false
        }
        guard sum.links > 0, sum.words <= Self.cardWordsMax, sum.linkShare > 0.1 else { return false }
        var texts = 0
        for index in node..<Int(tree.nodes[node].end) where tree.nodes[index].tag == .text {
            let measure = tree.nodes[index].measure
            if measure.linkShare > Self.linkShareMax {
                return !isAnnounced[index]
                    && (index + 1..<Int(tree.nodes[node].end)).contains { tree.nodes[$0].tag == .text }
            }
            texts += 1
            guard texts <= Self.textsBeforeLink, measure.words <= Self.wordsBeforeLinkMax,
                tree.nodes[Int(tree.nodes[index].parent)].tag.headingLevel == 0
            else { return false }
        }
        return false
    }

    /// Whether a card's link is its heading.
    private func isHeaded(_ card: Int) -> Bool {
        (card..<Int(tree.nodes[card].end)).contains { index in
            tree.nodes[index].tag == .text && tree.nodes[index].measure.linkShare > Self.linkShareMax
                && tree.nodes[Int(tree.nodes[index].parent)].tag.headingLevel > 1
        }
    }

    private func isInArticle(_ index: Int) -> Bool {
        var parent = Int(tree.nodes[index].parent)
        while parent > 0 {
            if tree.nodes[parent].tag == .article || tree.nodes[parent].tag == .main { return true }
            parent = Int(tree.nodes[parent].parent)
        }
        return false
    }
}
