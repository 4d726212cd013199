import CGumbo

/// The blocks of a page, in the order of the page; each node's subtree follows it without a gap.
///
///     nodes  0 root  1 div  2 p  3 text  4 ul  5 li  6 text     end  7 7 4 4 7 7 7
struct PageTree {
    private(set) var nodes: [PageNode] = []
    /// The text of all nodes: white space made one space outside `pre`, line breaks kept as line ends.
    private(set) var text: [UInt8] = []

    /// - Parameters:
    ///   - sieved: what the sieve wrote.
    ///   - segments: text that its marks stand for, in `page`.
    init(_ sieved: [UInt8], segments: [Range<Int>], of page: UnsafeBufferPointer<UInt8>) {
        let arena = ParseArena()
        var writer = TextWriter(page: page, segments: segments)
        sieved.withUnsafeBufferPointer { html in
            guard let document = arena.parse(html) else { return }
            build(from: document, &writer)
        }
        text = writer.text
        if nodes.isEmpty { nodes = [PageNode(tag: .root, parent: -1, end: 1)] }
        // The arena must outlive the walk.
        withExtendedLifetime(arena) {}
    }

    /// Walks Gumbo's tree without recursion.
    private mutating func build(from document: UnsafeMutablePointer<GumboNode>, _ writer: inout TextWriter) {
        nodes.append(PageNode(tag: .root, parent: -1, end: 0))
        var open: [(children: GumboVector, next: UInt32, node: Int32)] = [(document.pointee.v.document.children, 0, 0)]
        var preformatted = 0
        while let top = open.last {
            guard top.next < top.children.length, let item = top.children.data[Int(top.next)] else {
                nodes[Int(top.node)].end = Int32(nodes.count)
                if nodes[Int(top.node)].tag == .preformatted { preformatted -= 1 }
                open.removeLast()
                continue
            }
            open[open.count - 1].next += 1
            let child = item.assumingMemoryBound(to: GumboNode.self)
            switch child.pointee.type {
            case GUMBO_NODE_ELEMENT:
                let element = child.pointee.v.element
                let node = PageNode(
                    tag: PageTag.ofGumbo[Int(element.tag.rawValue)], hints: Self.hints(element), parent: top.node,
                    end: 0)
                if node.tag == .preformatted { preformatted += 1 }
                open.append((element.children, 0, Int32(nodes.count)))
                nodes.append(node)
            case GUMBO_NODE_TEXT:
                let start = writer.text.count
                let measure = writer.write(child.pointee.v.text.text, isPreformatted: preformatted > 0)
                if writer.text.count > start {
                    nodes.append(
                        PageNode(
                            tag: .text, parent: top.node, end: Int32(nodes.count + 1), text: start..<writer.text.count,
                            measure: measure))
                }
            default: break
            }
        }
    }

    /// What the sieve wrote into the only attribute it leaves.
    private static func hints(_ element: GumboElement) -> ClassHints {
        guard element.attributes.length > 0, let item = element.attributes.data[0] else { return [] }
        let value = item.assumingMemoryBound(to: GumboAttribute.self).pointee.value
        return value.map { ClassHints(rawValue: UInt8(bitPattern: $0[0]) &- UInt8(ascii: "A")) } ?? []
    }

    /// The words of the first `h1`, or of the first `h2` where there is none.
    var firstHeading: String? {
        for tag in [PageTag.heading1, .heading2] {
            for index in nodes.indices where nodes[index].tag == tag {
                let words = string(index)
                if !words.isEmpty { return words }
            }
        }
        return nil
    }

    private static let colons = [Array(":".utf8), Array("：".utf8)]

    /// Whether a text announces what follows it.
    func endsWithColon(_ index: Int) -> Bool {
        let words = text[nodes[index].text]
        return Self.colons.contains { words.suffix($0.count).elementsEqual($0) }
    }

    /// All text under a node.
    private func string(_ index: Int) -> String {
        nodes[index..<Int(nodes[index].end)].filter { $0.tag == .text }
            .map { String(decoding: text[$0.text], as: UTF8.self).collapsed }.filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    /// Texts that follow the heading, short ones, in which a day may stand.
    private static let nearTexts = 12
    private static let nearBytesMax = 200

    /// A day that is written just under the first heading, as bylines have it.
    var dateNearHeading: String? {
        guard let heading = nodes.firstIndex(where: { $0.tag == .heading1 }) else { return nil }
        let near = nodes[Int(nodes[heading].end)...].lazy.filter { $0.tag == .text }.prefix(Self.nearTexts)
        for node in near where node.text.count <= Self.nearBytesMax {
            if let day = CalendarDay.first(in: text[node.text]) { return day }
        }
        return nil
    }
}
