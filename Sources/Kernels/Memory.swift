#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A block of memory aligned for the widest vector register, freed with its last reference.
final class Memory: @unchecked Sendable {
    // Sendable: the pointer never changes; who writes through it says why that is safe.
    let base: UnsafeMutableRawPointer
    let count: Int
    /// What is to be unmapped: more than `base` and `count` where those are aligned to huge pages.
    private let mapping: (start: UnsafeMutableRawPointer, count: Int)?
    /// The block that this one is a part of.
    private let whole: Memory?

    /// A page of 2 MB needs one entry of the address cache where 4 KB pages need 512, and processors read ahead
    /// within a page only: weights on huge pages are read a fifth faster.
    private static let hugePageBytes = 2 << 20

    /// Zeroed memory, or nil when there is none.
    init?(zeroed count: Int) {
        let size = max(64, count)
        guard size <= Int.max - 2 * Self.hugePageBytes else { return nil }
        let isHuge = size >= Self.hugePageBytes
        let mappedBytes = isHuge ? size + Self.hugePageBytes : size
        #if os(Linux)
            let anonymous = MAP_PRIVATE | MAP_ANONYMOUS
        #else
            let anonymous = MAP_PRIVATE | MAP_ANON
        #endif
        guard let mapped = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, anonymous, -1, 0), mapped != MAP_FAILED
        else { return nil }
        base = isHuge ? mapped.alignedUp(toMultipleOf: Self.hugePageBytes) : mapped
        self.count = size
        mapping = (mapped, mappedBytes)
        whole = nil
        #if os(Linux)
            if isHuge { _ = madvise(base, size, MADV_HUGEPAGE) }
        #endif
    }

    /// A part of another block, which lives as long as this one.
    init(partOf whole: Memory, offset: Int, count: Int) {
        precondition(offset >= 0 && count >= 0 && count <= whole.count - offset, "a part outside its block")
        base = whole.base + offset
        self.count = count
        mapping = nil
        self.whole = whole
    }

    deinit {
        if let mapping { munmap(mapping.start, mapping.count) }
    }

    func pointer<T>(_ type: T.Type = T.self) -> UnsafeMutablePointer<T> { base.assumingMemoryBound(to: T.self) }
}
