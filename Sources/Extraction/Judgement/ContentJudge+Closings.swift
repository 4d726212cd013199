/// What stands under “Related stories”, “Comments”, “相关阅读”.
extension ContentJudge {
    /// More than this of a page's weight under such a heading is the text itself.
    private static let closingShareMax: Float = 0.35

    /// Cuts such lines with what follows them beside them.
    mutating func cutClosings() {
        let whole = max(good[0], 1)
        var index = 1
        while index < tree.nodes.count {
            let node = tree.nodes[index]
            if isCut[index] {
                index = Int(node.end)
                continue
            }
            if node.tag == .text, !tree.nodes[Int(node.parent)].tag.isListed,
                Furniture.isClosing(tree.text[node.text])
            {
                cutClosing(at: index, whole)
            }
            index += 1
        }
    }

    private mutating func cutClosing(at text: Int, _ whole: Float) {
        // The outermost block that begins with the line.
        var block = text
        while block > 0, firstText(of: Int(tree.nodes[block].parent)) == text { block = Int(tree.nodes[block].parent) }
        guard block > 0 else { return }
        let holdsMore = (text + 1..<Int(tree.nodes[block].end)).contains { tree.nodes[$0].tag == .text && !isCut[$0] }
        let level = tree.nodes[Int(tree.nodes[text].parent)].tag.headingLevel
        guard holdsMore || level > 0 || isAlone(text) else { return }
        if holdsMore {
            if good[block] < Self.closingShareMax * whole { isCut[block] = true }
            return
        }
        let following = followers(of: block, level)
        guard following.reduce(0, { $0 + good[$1] }) < Self.closingShareMax * whole else { return }
        for node in [block] + following { isCut[node] = true }
    }

    /// What stands beside a line after it, up to a heading as high or a paragraph of sentences.
    private func followers(of block: Int, _ level: Int) -> [Int] {
        var following: [Int] = []
        var next = Int(tree.nodes[block].end)
        let end = Int(tree.nodes[Int(tree.nodes[block].parent)].end)
        while next < end {
            let headed = headingLevel(next)
            if headed > 0, level == 0 || headed <= level { break }
            if tree.nodes[next].tag == .paragraph || tree.nodes[next].tag == .text,
                good[next] >= Self.longWords, sums[next].linkShare < 0.2
            {
                break
            }
            following.append(next)
            next = Int(tree.nodes[next].end)
        }
        return following
    }

    private func isAlone(_ text: Int) -> Bool {
        let parent = tree.nodes[Int(tree.nodes[text].parent)]
        return parent.tag != .paragraph && Int(parent.end) == text + 1
    }

    private func firstText(of node: Int) -> Int? {
        (node..<Int(tree.nodes[node].end)).first { tree.nodes[$0].tag == .text && !isCut[$0] }
    }
}
