#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A read-only range of bytes that keeps its owner (a mapped file, a copy) alive.
///
///     let header = file.bytes[0..<24]
///     let version: UInt32 = header.load(at: 4)
///
/// Ranges and loads outside the view are programmer's errors: what comes from a file is checked before.
public struct ByteView: Sendable {
    private let owner: any AnyObject & Sendable
    private let address: UInt
    public let count: Int

    init(owner: any AnyObject & Sendable, base: UnsafeRawPointer, count: Int) {
        self.owner = owner
        self.address = UInt(bitPattern: base)
        self.count = count
    }

    /// A view of a copy of `bytes`.
    public init(copying bytes: some Collection<UInt8>) {
        guard let memory = Memory(zeroed: bytes.count) else {
            preconditionFailure("no memory for \(bytes.count) bytes")
        }
        UnsafeMutableRawBufferPointer(start: memory.base, count: memory.count).copyBytes(from: bytes)
        self.init(owner: memory, base: UnsafeRawPointer(memory.base), count: bytes.count)
    }

    /// The part `range` of this view.
    public subscript(range: Range<Int>) -> ByteView {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range \(range) of a view of \(count) bytes")
        return ByteView(owner: owner, base: base + range.lowerBound, count: range.count)
    }

    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "byte \(index) of a view of \(count)")
        return base.load(fromByteOffset: index, as: UInt8.self)
    }

    /// The little-endian integer at `offset`, aligned or not.
    public func load<T: FixedWidthInteger>(at offset: Int, as type: T.Type = T.self) -> T {
        precondition(
            offset >= 0 && count >= MemoryLayout<T>.size && offset <= count - MemoryLayout<T>.size,
            "\(T.self) at \(offset) of a view of \(count) bytes")
        return T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    public func load(at offset: Int, as type: Float.Type = Float.self) -> Float {
        Float(bitPattern: load(at: offset, as: UInt32.self))
    }

    public func load(at offset: Int, as type: Double.Type = Double.self) -> Double {
        Double(bitPattern: load(at: offset, as: UInt64.self))
    }

    /// Calls `body` with the bytes; the buffer must not leave it.
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(owner) {} }
        return try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The bytes as an array.
    public func copy() -> [UInt8] { withUnsafeBytes { Array($0) } }

    /// Tells the system that a mapped file's pages here are not needed soon; they are read again when touched.
    /// No effect on the content, nor on views of copied bytes.
    public func releasePages() { advise(Int32(MADV_DONTNEED)) }

    /// Tells the system that a mapped file is read here and there, so that it reads no more than it is asked for; false
    /// takes that back. No effect on the content, nor on views of copied bytes.
    public func expectScatteredReads(_ isScattered: Bool) {
        advise(Int32(isScattered ? MADV_RANDOM : MADV_NORMAL))
    }

    private func advise(_ advice: Int32) {
        guard owner is MappedFile.Mapping else { return }
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        let first = (address + page - 1) / page * page
        let last = (address + UInt(count)) / page * page
        if last > first, let start = UnsafeMutableRawPointer(bitPattern: first) {
            _ = madvise(start, Int(last - first), advice)
        }
    }

    var base: UnsafeRawPointer {
        // An address of a live mapping is never zero; an empty view still has its owner's base.
        UnsafeRawPointer(bitPattern: address).unsafelyUnwrapped
    }
}
