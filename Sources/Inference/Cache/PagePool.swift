/// The free pages of a cache, by number.
///
/// A stack: pages given back last are taken first, so memory that was never touched stays untouched while it can.
package struct PagePool: Sendable {
    package let count: Int
    private var freePages: [Int32]
    private var isFree: [Bool]

    package init(count: Int) {
        self.count = count
        freePages = (0..<Int32(clamping: count)).reversed()
        isFree = Array(repeating: true, count: count)
    }

    package var free: Int { freePages.count }

    /// A free page, or nil when there is none.
    package mutating func take() -> Int32? {
        guard let page = freePages.popLast() else { return nil }
        isFree[Int(page)] = false
        return page
    }

    /// - Precondition: the page was taken and not given back since.
    package mutating func give(_ page: Int32) {
        precondition(!isFree[Int(page)], "page \(page) given back twice")
        isFree[Int(page)] = true
        freePages.append(page)
    }

    package mutating func give(_ pages: some Sequence<Int32>) {
        for page in pages { give(page) }
    }
}
