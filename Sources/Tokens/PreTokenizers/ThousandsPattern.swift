/// A piece begins wherever the ASCII digits that follow without a gap are a multiple of three: `(?=(\d{3})+(?!\d))`.
///
///     1234567  →  1|234|567        a12b  →  a12b        a123  →  a|123
///
/// Not a function from a place to the end of its piece as other patterns are: each would have to look at all digits to
/// come, which is quadratic.
enum ThousandsPattern {
    static func forEachPiece(_ text: [UInt8], _ start: Int, _ limit: Int, _ body: (Int, Int) -> Void) {
        var piece = start
        var i = start
        while i < limit {
            guard isDigit(text[i]) else {
                i += 1
                continue
            }
            var end = i
            while end < limit, isDigit(text[end]) { end += 1 }
            var cut = i + (end - i) % 3
            while cut < end {
                if cut > piece {
                    body(piece, cut)
                    piece = cut
                }
                cut += 3
            }
            i = end
        }
        if piece < limit { body(piece, limit) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
