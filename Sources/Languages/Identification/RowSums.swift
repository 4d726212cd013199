/// Sums of rows of bytes, the even and the odd columns apart, so that each has sixteen bits to grow in.
///
///     row     b0 b1 b2 b3 …  as little-endian pairs
///     even    b0    b2    …  += pair & 0xFF
///     odd        b1    b3 …  += pair >> 8
struct RowSums<Pairs: SIMD & Sendable> where Pairs.Scalar == UInt16 {
    private var even = Pairs()
    private var odd = Pairs()
    private var rows = 0

    /// 257 rows of 255 would still fit.
    static var rowsMax: Int { 250 }

    var isFull: Bool { rows >= Self.rowsMax }

    @inline(__always)
    mutating func add(_ row: UnsafePointer<UInt8>) {
        let pairs = UnsafeRawPointer(row).loadUnaligned(as: Pairs.self)
        even &+= pairs & 0xFF
        odd &+= pairs &>> 8
        rows += 1
    }

    /// Adds the sums to `sums`, without the 128 that each weight carries, and begins anew.
    @inline(__always)
    mutating func flush(to sums: UnsafeMutablePointer<Int32>) {
        let offset = Int32(rows) &* 128
        for lane in 0..<Pairs.scalarCount {
            sums[2 * lane] &+= Int32(even[lane]) &- offset
            sums[2 * lane + 1] &+= Int32(odd[lane]) &- offset
        }
        even = Pairs()
        odd = Pairs()
        rows = 0
    }
}
