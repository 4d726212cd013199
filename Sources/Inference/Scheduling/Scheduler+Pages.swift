import Kernels

/// Where a sequence's pages come from and go to.
extension Scheduler {
    /// `count` free pages, taken from the least recently used prefixes if need be; nil when there are not so many.
    mutating func takePages(_ count: Int) -> [Int32]? {
        guard pool.free + tree.unusedPages >= count else { return nil }
        if pool.free < count { pool.give(tree.evict(count - pool.free)) }
        return (0..<count).compactMap { _ in pool.take() }
    }

    /// Gives a sequence the cached pages its tokens begin with, and new ones for the rest, which enter the tree so that
    /// others can wait for them.
    ///
    /// - Parameter reserve: pages that must stay to be had, for answers that grow.
    /// - Returns: false, and nothing is changed, when there are not enough pages.
    mutating func takePages(for sequence: inout ScheduledSequence, reserve: Int) -> Bool {
        let path = tree.match(sequence.tokens, pagesMax: sequence.matchablePages, owner: sequence.prefixOwner)
        tree.acquire(path)
        let needed = sequence.pagesNeeded - path.count
        guard pool.free + tree.unusedPages >= needed + reserve else {
            pool.give(tree.release(path, by: sequence.id))
            return false
        }
        touchTail(of: sequence, path)
        guard let own = takePages(needed) else { preconditionFailure("pages were counted") }
        sequence.pages = path.map { tree[$0].page } + own
        sequence.path = path
        guard sequence.sharesPrefix else { return true }
        for page in path.count..<sequence.pages.count {
            let node = tree.insert(
                Array(sequence.tokens(ofPage: page)), page: sequence.pages[page], under: sequence.path.last,
                owner: sequence.prefixOwner, computing: sequence.id)
            // Another has a page with these tokens, the last of which must be computed anew: it stays private.
            guard let node else { break }
            sequence.path.append(node)
        }
        return true
    }

    /// Keeps the page whose beginning will be copied from being the first to go.
    private mutating func touchTail(of sequence: ScheduledSequence, _ path: [PrefixTree.NodeID]) {
        guard sequence.sharesPrefix else { return }
        let tail = tree.tails(
            under: path.last, owner: sequence.prefixOwner, tokens: sequence.tokens(ofPage: path.count), excluding: nil
        ) { _ in false }
        if let node = tail.ready?.node { tree.touch(node) }
    }

    /// What precedes the first token that a sequence computes itself: full pages, and tokens copied from a node.
    struct Tail {
        var page: Int
        var node: PrefixTree.NodeID?
        var tokens: Int
    }

    /// Tokens that must be saved by it before a sequence waits for part of another's page.
    private static let tailTokensMin = 8

    /// nil when the sequence must wait for an earlier one. Pages that lost their computer become this sequence's.
    mutating func tailIfPathIsReady(_ sequence: ScheduledSequence) -> Tail? {
        let page = sequence.path.firstIndex { tree[$0].state != .ready } ?? sequence.path.count
        let own = sequence.path.dropFirst(page)
        if let first = own.first, case .computing(let other) = tree[first].state, other != sequence.id { return nil }
        for node in own where tree[node].state == .abandoned { tree.claim(node, by: sequence.id) }
        let start = page * KVStorage.pageTokens
        let end = min(start + KVStorage.pageTokens, sequence.tokens.count - 1)
        guard sequence.sharesPrefix, start < end else { return Tail(page: page, node: nil, tokens: 0) }
        let admission = sequence.admission
        let (ready, computing) = tree.tails(
            under: page == 0 ? nil : sequence.path[page - 1], owner: sequence.prefixOwner,
            tokens: sequence.tokens[start..<end], excluding: own.first
        ) { sequences[$0].map { $0.admission < admission } ?? false }
        let saved = ready?.tokens ?? 0
        if let computing, computing.tokens >= saved + Self.tailTokensMin { return nil }
        return Tail(page: page, node: ready?.node, tokens: saved)
    }

    /// Gives all pages of a sequence up: computed ones stay in the tree, without users.
    mutating func retire(_ sequence: inout ScheduledSequence) {
        let needless = extendOpenEnd(sequence)
        adoptOwnPages(sequence, under: needless?.replacement ?? sequence.path.last, isOpen: needless?.isOpen ?? true)
        pool.give(tree.release(sequence.path, by: sequence.id))
        if let node = needless?.node { pool.give(tree.remove(node)) }
        sequence.path = []
        sequence.pages = []
        sequence.computed = 0
        sequence.isPlaced = false
    }

    /// A leaf that the tree has no use for when its sequence is gone.
    private struct Needless {
        var node: PrefixTree.NodeID
        /// Where the tokens are that it would have held.
        var replacement: PrefixTree.NodeID?
        var isOpen: Bool { replacement != nil }
    }

    /// The page in which the prompt ended holds some of the answer now.
    private mutating func extendOpenEnd(_ sequence: ScheduledSequence) -> Needless? {
        guard let last = sequence.path.last, tree[last].state == .ready else { return nil }
        let tokens = Array(sequence.tokens(ofPage: sequence.path.count - 1, computedOnly: true))
        guard tokens.count > tree[last].tokens.count else { return nil }
        let (adoption, freed) = tree.extend(last, to: tokens)
        pool.give(freed)
        return switch adoption {
        case .adopted: nil
        case .known(let node): Needless(node: last, replacement: node)
        case .refused: Needless(node: last, replacement: nil)
        }
    }

    /// Offers the pages behind the path to the tree.
    private mutating func adoptOwnPages(
        _ sequence: ScheduledSequence, under parent: PrefixTree.NodeID?, isOpen: Bool
    ) {
        var parent = parent
        var isOpen = isOpen && sequence.sharesPrefix
        for (place, page) in sequence.pages.enumerated().dropFirst(sequence.path.count) {
            let tokens = Array(sequence.tokens(ofPage: place, computedOnly: true))
            guard isOpen, !tokens.isEmpty else {
                pool.give(page)
                continue
            }
            let (adoption, freed) = tree.adopt(tokens, page: page, under: parent, owner: sequence.prefixOwner)
            pool.give(freed)
            switch adoption {
            case .adopted(let node): parent = node
            case .known(let node):
                pool.give(page)
                parent = node
            case .refused:
                pool.give(page)
                isOpen = false
            }
        }
    }
}
