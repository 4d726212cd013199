import Kernels

/// Where a sequence's pages come from and go to.
extension Scheduler {
    /// `count` free pages, taken from the least recently used prefixes if need be; nil when there are not so many.
    mutating func takePages(_ count: Int) -> [Int32]? {
        guard pool.free + tree.unusedPages >= count else { return nil }
        if pool.free < count { pool.give(tree.evict(count - pool.free)) }
        return (0..<count).compactMap { _ in pool.take() }
    }

    /// Gives a sequence the cached pages its tokens begin with, and new ones for the rest, of which the full ones
    /// enter the tree so that others can wait for them.
    ///
    /// - Parameter reserve: pages that must stay to be had, for answers that grow.
    /// - Returns: false, and nothing is changed, when there are not enough pages.
    mutating func takePages(for sequence: inout ScheduledSequence, reserve: Int) -> Bool {
        let shareable = sequence.shareablePages
        var path = tree.match(sequence.tokens, pagesMax: shareable, owner: sequence.owner)
        tree.acquire(path)
        let needed = sequence.pagesNeeded - path.count
        guard pool.free + tree.unusedPages >= needed + reserve, let own = takePages(needed) else {
            pool.give(tree.release(path, by: sequence.id))
            return false
        }
        sequence.pages = path.map { tree[$0].page } + own
        while path.count < shareable {
            let start = path.count * KVStorage.pageTokens
            path.append(
                tree.insert(
                    Array(sequence.tokens[start..<start + KVStorage.pageTokens]), page: sequence.pages[path.count],
                    under: path.last, owner: sequence.owner, computing: sequence.id))
        }
        sequence.path = path
        return true
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
            under: page == 0 ? nil : sequence.path[page - 1], owner: sequence.owner,
            tokens: sequence.tokens[start..<end], excluding: own.first
        ) { sequences[$0].map { $0.admission < admission } ?? false }
        let saved = ready?.tokens ?? 0
        if let computing, computing.tokens >= saved + Self.tailTokensMin { return nil }
        if let ready { tree.touch(ready.node) }
        return Tail(page: page, node: ready?.node, tokens: saved)
    }

    /// Gives all pages of a sequence up: computed ones stay in the tree, without users.
    mutating func retire(_ sequence: inout ScheduledSequence) {
        let shared = sequence.path.count
        var parent = sequence.path.last
        var isOpen = sequence.sharesPrefix && sequence.computed > shared * KVStorage.pageTokens
        for (place, page) in sequence.pages.enumerated().dropFirst(shared) {
            let start = place * KVStorage.pageTokens
            let end = min(start + KVStorage.pageTokens, sequence.computed)
            guard isOpen, start < end else {
                pool.give(page)
                continue
            }
            let (adoption, freed) = tree.adopt(
                Array(sequence.tokens[start..<end]), page: page, under: parent, owner: sequence.owner)
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
        pool.give(tree.release(sequence.path, by: sequence.id))
        sequence.path = []
        sequence.pages = []
        sequence.computed = 0
        sequence.isPlaced = false
    }
}
