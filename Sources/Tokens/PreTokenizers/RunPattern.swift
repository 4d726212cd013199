/// Runs of scalars of one set become pieces, and so does whatever lies between them.
///
///     \p{N}   \p{N}{1,3}   [\r\n]   \s?\p{L}+   [一-龥ࠀ-一가-퟿]+   [0-9][0-9][0-9]
struct RunPattern: Sendable, Equatable {
    enum Prefix: Sendable { case none, space, anySpace }

    var set: ScalarSet
    /// One scalar before a run that goes with it: nothing, ` ?` or `\s?`.
    var prefix = Prefix.none
    var scalarsMin = 1
    var scalarsMax = Int.max

    func end(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int {
        if let end = match(text, start, limit, reader) { return end }
        var i = reader.unit(text, start).next
        while i < limit, match(text, i, limit, reader) == nil { i = reader.unit(text, i).next }
        return i
    }

    private func match(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int? {
        let first = reader.unit(text, start)
        let isPrefix = prefix == .anySpace ? first.isSpace : prefix == .space && first.scalar == 0x20
        if isPrefix, first.next < limit, let end = run(text, first.next, limit, reader) { return end }
        return run(text, start, limit, reader)
    }

    private func run(_ text: [UInt8], _ start: Int, _ limit: Int, _ reader: ScalarReader) -> Int? {
        var i = start
        var scalars = 0
        while i < limit, scalars < scalarsMax {
            let unit = reader.unit(text, i)
            if !set.contains(unit.scalar, unit.bits) { break }
            i = unit.next
            scalars += 1
        }
        return scalars >= scalarsMin ? i : nil
    }
}
