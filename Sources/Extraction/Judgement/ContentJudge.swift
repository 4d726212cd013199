/// Decides which nodes of a page are its main text.
///
/// 1. Every run of text gets a weight: words that stand in sentences are for it, words in links and stray words
/// against. 2. What calls itself navigation, advertisement or comment, or is a list of links, is cut, unless most of
/// the page's
///    weight lies within it: names lie.
/// 3. From the root down, as long as one child holds nearly all the weight, that child is the place.
/// 4. Within the place, what stands between good runs stays; stray words at its edges go.
struct ContentJudge {
    let tree: PageTree
    /// Of a text: whether it is in the main text. Of an element: whether any of its texts is.
    private(set) var isKept: [Bool]
    /// Sums over subtrees.
    var sums: [TextMeasure]
    /// Weights over subtrees: for, and against.
    var good: [Float]
    var bad: [Float]
    var isCut: [Bool]
    /// Texts whose links say nothing against them: in tables with a head, in lists that a sentence announces.
    var isAnnounced: [Bool]

    init(_ tree: PageTree) {
        self.tree = tree
        let count = tree.nodes.count
        isKept = Array(repeating: false, count: count)
        sums = Array(repeating: TextMeasure(), count: count)
        good = Array(repeating: 0, count: count)
        bad = Array(repeating: 0, count: count)
        isCut = Array(repeating: false, count: count)
        isAnnounced = Array(repeating: false, count: count)
    }

    mutating func decide() {
        findAnnounced()
        weigh()
        cut()
        sum()
        cutClosings()
        sum()
        keep(within: place())
    }

    /// One child that holds at least this share of its parent's weight is the place, and not the parent.
    private static let placeShareMin: Float = 0.8
    /// Beside the best child, a parent must hold this share in good text to be the place itself.
    private static let contentShareMin: Float = 0.02
    /// A sibling of the place on the way down that holds this share is part of the text.
    private static let siblingShareMin: Float = 0.04

    /// The roots of the main text: the place, and siblings of it that are much like it.
    private func place() -> [Int] {
        var place = namedPlace() ?? 0
        var siblings: [Int] = []
        while true {
            var best = -1
            for child in children(of: place) where !isCut[child] && (best < 0 || good[child] > good[best]) {
                best = child
            }
            guard best >= 0, tree.nodes[best].tag != .text, good[best] >= Self.placeShareMin * good[place],
                good[best] > 0, !isLeafBlock(best), !isAllContent(place, but: best)
            else { break }
            siblings += children(of: place).filter { $0 != best && isLikePlace($0, good[best]) }
            place = best
        }
        return (siblings + [place]).sorted()
    }

    /// The only article of a page, where it holds as much as an article does.
    private func namedPlace() -> Int? {
        var found: Int?
        for index in tree.nodes.indices.dropFirst() where !isCut[index] {
            let node = tree.nodes[index]
            guard node.tag == .article || node.hints.contains(.isMain), good[index] >= Self.articleWordsMin else {
                continue
            }
            if let outer = found {
                // Within the one that was found, or a second one.
                guard index < Int(tree.nodes[outer].end) else { return nil }
                if good[index] >= Self.placeShareMin * good[outer] { found = index }
            } else {
                found = index
            }
        }
        return found.flatMap { good[$0] >= Self.articleShareMin * good[0] ? $0 : nil }
    }

    private static let articleWordsMin: Float = 60
    private static let articleShareMin: Float = 0.4

    /// Whether what a node holds beside its best child is text as good: then the node is the place.
    private func isAllContent(_ node: Int, but best: Int) -> Bool {
        let goodRest = good[node] - good[best]
        let badRest = bad[node] - bad[best]
        let words = sums[node].words - sums[best].words
        let links = sums[node].linkWords - sums[best].linkWords
        if isSection(best), children(of: node).count(where: { $0 != best && isSection($0) && isLike($0, best) }) >= 2 {
            return true
        }
        return goodRest > Self.contentShareMin * good[node] && goodRest > 2 * badRest && links < 0.35 * words
    }

    /// Whether a node has text under a heading of its own.
    private func isSection(_ node: Int) -> Bool { !isCut[node] && good[node] >= 12 && headingLevel(node) > 0 }

    /// Whether two sections are of one document: elements of one kind with headings of one level.
    private func isLike(_ node: Int, _ other: Int) -> Bool {
        tree.nodes[node].tag == tree.nodes[other].tag && headingLevel(node) == headingLevel(other)
    }

    /// Of the heading that a node begins with; 0 where it begins with something else.
    func headingLevel(_ node: Int) -> Int {
        guard let first = (node..<Int(tree.nodes[node].end)).first(where: { tree.nodes[$0].tag == .text }) else {
            return 0
        }
        return tree.nodes[Int(tree.nodes[first].parent)].tag.headingLevel
    }

    /// Whether what stands beside the place is text as the place is: an introduction before it, say.
    private func isLikePlace(_ node: Int, _ weight: Float) -> Bool {
        !isCut[node] && good[node] >= max(12, Self.siblingShareMin * weight) && sums[node].linkShare < 0.2
            && good[node] > 2 * bad[node] && sums[node].links <= 4 + sums[node].marks / 2
    }

    /// A block that has nothing but text: the place is what holds it.
    private func isLeafBlock(_ node: Int) -> Bool {
        switch tree.nodes[node].tag {
        case .paragraph, .preformatted, .item, .definition, .term, .quote: true
        default: tree.nodes[node].tag.headingLevel > 0
        }
    }

    func children(of node: Int) -> [Int] {
        var children: [Int] = []
        var index = node + 1
        while index < Int(tree.nodes[node].end) {
            children.append(index)
            index = Int(tree.nodes[index].end)
        }
        return children
    }

    private mutating func keep(within roots: [Int]) {
        var texts: [Int] = []
        for root in roots {
            var index = root
            while index < Int(tree.nodes[root].end) {
                if isCut[index] {
                    index = Int(tree.nodes[index].end)
                    continue
                }
                if tree.nodes[index].tag == .text { texts.append(index) }
                index += 1
            }
        }
        for index in RunJudge(tree, texts, isAnnounced).kept() {
            isKept[index] = true
            var parent = Int(tree.nodes[index].parent)
            while parent >= 0, !isKept[parent] {
                isKept[parent] = true
                parent = Int(tree.nodes[parent].parent)
            }
        }
    }
}
