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

    /// Zeroed memory, or nil when there is none.
    init?(zeroed count: Int) {
        let size = max(64, count)
        guard size <= Int.max - 4096 else { return nil }
        #if os(Linux)
            let anonymous = MAP_PRIVATE | MAP_ANONYMOUS
        #else
            let anonymous = MAP_PRIVATE | MAP_ANON
        #endif
        guard let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, anonymous, -1, 0), mapped != MAP_FAILED else {
            return nil
        }
        base = mapped
        self.count = size
        #if os(Linux)
            if size >= 4 << 20 { _ = madvise(mapped, size, MADV_HUGEPAGE) }
        #endif
    }

    deinit { munmap(base, count) }

    func pointer<T>(_ type: T.Type = T.self) -> UnsafeMutablePointer<T> { base.assumingMemoryBound(to: T.self) }
}
