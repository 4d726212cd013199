/// Writes the kept part of a page in the manner of Markdown.
///
///     # Title                 1. one            | a | b |           ```
///                               - nested        | --- | --- |       code
///     A paragraph.            2. two            | 1 | 2 |           ```
struct TextRenderer {
    private let tree: PageTree
    private let isKept: [Bool]
    private var output: [UInt8] = []
    /// Elements around the node that is written, from the outermost.
    private var open: [Open] = []
    private var last = Kind.none
    private var lastDepth = 0

    private struct Open {
        var node: Int
        var end: Int
        var tag: PageTag
        /// Of an ordered list: items so far.
        var items = 0
        /// Of an item: whether its mark has been written.
        var isMarked = false
    }

    private enum Kind { case none, block, item }

    init(_ tree: PageTree, isKept: [Bool]) {
        self.tree = tree
        self.isKept = isKept
        output.reserveCapacity(tree.text.count)
    }

    mutating func render() -> [UInt8] {
        var index = 0
        while index < tree.nodes.count {
            while let top = open.last, index >= top.end { open.removeLast() }
            let node = tree.nodes[index]
            guard isKept[index] else {
                index = Int(node.end)
                continue
            }
            if node.tag == .text {
                write(index)
            } else if node.tag == .table, let rows = DataTable(tree, index, isKept)?.lines {
                begin(.block)
                for (number, row) in rows.enumerated() {
                    if number > 0 { endLine() }
                    output += row
                }
                index = Int(node.end)
                continue
            } else {
                if node.tag == .item, let list = open.lastIndex(where: { Self.isList($0.tag) }) {
                    open[list].items += 1
                }
                open.append(Open(node: index, end: Int(node.end), tag: node.tag))
            }
            index += 1
        }
        return output
    }

    private static func isList(_ tag: PageTag) -> Bool { tag == .unorderedList || tag == .orderedList }

    private mutating func write(_ index: Int) {
        let text = tree.text[tree.nodes[index].text]
        let tag = open.last?.tag ?? .root
        let item = open.lastIndex { $0.tag == .item }
        if tag.headingLevel > 0 {
            begin(.block)
            output += repeatElement(UInt8(ascii: "#"), count: tag.headingLevel)
            output.append(0x20)
            output += Self.withoutAnchor(text).map { $0 == 0x0A ? 0x20 : $0 }
        } else if open.contains(where: { $0.tag == .preformatted }) {
            begin(.block)
            output += "```".utf8
            endLine()
            writeLines(text)
            endLine()
            output += "```".utf8
        } else if let item {
            begin(open[item].isMarked ? .block : .item)
            mark(item)
            writeLines(text)
        } else {
            begin(.block)
            writeLines(text)
        }
    }

    /// A heading without the “¶” that links to it.
    private static func withoutAnchor(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        text.suffix(2).elementsEqual([0xC2, 0xB6]) ? text.dropLast(2) : text
    }

    /// The mark of an item's first text; later ones stand under it.
    private mutating func mark(_ item: Int) {
        let depth = open.lazy.filter { Self.isList($0.tag) }.count
        output += repeatElement(0x20, count: 2 * max(0, depth - 1))
        guard !open[item].isMarked else {
            output += "  ".utf8
            return
        }
        open[item].isMarked = true
        let list = open.lastIndex { Self.isList($0.tag) }
        if let list, open[list].tag == .orderedList {
            output += "\(open[list].items). ".utf8
        } else {
            output += "- ".utf8
        }
    }

    /// Ends what was written before: items follow each other line by line, everything else after an empty line.
    private mutating func begin(_ kind: Kind) {
        let depth = quoteDepth
        if last != .none {
            output.append(0x0A)
            if !(kind == .item && last == .item) {
                // The empty line is within a quotation only where both sides are.
                quote(min(depth, lastDepth))
                output.append(0x0A)
            }
        }
        quote(depth)
        (last, lastDepth) = (kind, depth)
    }

    private var quoteDepth: Int { open.lazy.filter { $0.tag == .quote }.count }

    private mutating func quote(_ depth: Int) {
        for _ in 0..<depth { output += "> ".utf8 }
    }

    private mutating func endLine() {
        output.append(0x0A)
        quote(quoteDepth)
    }

    private mutating func writeLines(_ text: ArraySlice<UInt8>) {
        guard open.contains(where: { $0.tag == .quote }) else {
            output += text
            return
        }
        for (number, line) in text.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if number > 0 { endLine() }
            output += line
        }
    }
}
