import Inference
import Kernels
import Testing

@Suite struct PrefixTreeTests {
    private let size = KVStorage.pageTokens

    /// A page of tokens that says which it is.
    private func page(_ number: Int32, _ count: Int? = nil) -> [Int32] {
        (0..<Int32(count ?? size)).map { number * 100 + $0 }
    }

    /// Adopts the tokens page by page, as a sequence that ends does, and gives refused pages back.
    private func adopt(_ tokens: [Int32], owner: String = "", into tree: inout PrefixTree, from pool: inout PagePool) {
        var parent: PrefixTree.NodeID?
        for start in stride(from: 0, to: tokens.count, by: size) {
            guard let page = pool.take() else { return }
            let part = Array(tokens[start..<min(tokens.count, start + size)])
            let (adoption, freed) = tree.adopt(part, page: page, under: parent, owner: owner)
            pool.give(freed)
            switch adoption {
            case .adopted(let node): parent = node
            case .known(let node):
                parent = node
                pool.give(page)
            case .refused:
                pool.give(page)
                return
            }
        }
    }

    /// Full pages and the tokens after them that the tree knows of `tokens`.
    private func known(_ tokens: [Int32], _ tree: PrefixTree, owner: String = "") -> Int {
        let path = tree.match(tokens, pagesMax: tokens.count / size, owner: owner)
        let rest = tokens[(path.count * size)...].prefix(size)
        let tails = tree.tails(under: path.last, owner: owner, tokens: rest, excluding: nil) { _ in true }
        return path.count * size + (tails.ready?.tokens ?? 0)
    }

    /// Against a list of all texts ever seen, while nothing needs to be evicted.
    @Test func knowsTheLongestPrefixOfEverythingSeen() {
        for seed in UInt64(0)..<60 {
            var prompts = Prompts(seed: seed, tokensMax: 300, vocabularySize: 5)
            var tree = PrefixTree()
            var pool = PagePool(count: 2000)
            var seen: [[Int32]] = []
            for _ in 0..<40 {
                let tokens = prompts.next()
                let wanted = seen.map { zip($0, tokens).prefix { $0 == $1 }.count }.max() ?? 0
                #expect(known(tokens, tree) == wanted, "seed \(seed)")
                #expect(known(tokens, tree, owner: "other") == 0)
                adopt(tokens, into: &tree, from: &pool)
                seen.append(tokens)
                #expect(tree.pages + pool.free == 2000 && tree.unusedPages == tree.pages, "seed \(seed)")
            }
        }
    }

    @Test func evictsWhatWasUsedLongestAgo() {
        var tree = PrefixTree()
        var pool = PagePool(count: 20)
        let (one, two) = (page(1) + page(2), page(1) + page(3) + page(4, 5))
        adopt(one, into: &tree, from: &pool)
        adopt(two, into: &tree, from: &pool)
        let path = tree.match(one, pagesMax: 2, owner: "")
        tree.acquire(path)
        #expect(tree.unusedPages == 2)
        // The leaf goes before the page it follows.
        pool.give(tree.evict(1))
        #expect(known(two, tree) == 2 * size)
        pool.give(tree.evict(1))
        #expect(known(two, tree) == size && tree.unusedPages == 0)
        #expect(tree.release(path, by: 1).isEmpty)
        pool.give(tree.evict(2))
        #expect(tree.pages == 0 && tree.root(of: "") == nil && pool.free == 20)
    }

    @Test func longerLeavesReplaceTheirBeginnings() {
        var tree = PrefixTree()
        var pool = PagePool(count: 20)
        adopt(page(1) + page(2, 4), into: &tree, from: &pool)
        adopt(page(1) + page(2, 9), into: &tree, from: &pool)
        #expect(tree.pages == 2 && known(page(1) + page(2, 30), tree) == size + 9)
        adopt(page(1) + page(2, 7), into: &tree, from: &pool)
        #expect(tree.pages == 2)
        adopt(page(1) + page(2), into: &tree, from: &pool)
        #expect(tree.pages == 2 && known(page(1) + page(2), tree) == 2 * size)
    }

    @Test func aNodeWithoutAComputerWaitsForTheNext() {
        var tree = PrefixTree()
        guard let node = tree.insert(page(1), page: 3, under: nil, owner: "", computing: 7) else {
            Issue.record("not inserted")
            return
        }
        #expect(tree.insert(page(1), page: 4, under: nil, owner: "", computing: 8) == nil)
        tree.acquire([node])
        #expect(tree.release([node], by: 7).isEmpty)
        #expect(tree[node].state == .abandoned)
        tree.claim(node, by: 8)
        tree.markReady(node)
        #expect(tree.release([node], by: 8).isEmpty)
        #expect(tree.unusedPages == 1 && known(page(1), tree) == size)
    }

    @Test func whatNobodyWaitsForIsDropped() {
        var tree = PrefixTree()
        let path = [tree.insert(page(1), page: 3, under: nil, owner: "", computing: 7)].compactMap(\.self)
        #expect(tree.release(path, by: 7) == [3])
        #expect(tree.pages == 0 && tree.root(of: "") == nil)
    }
}
