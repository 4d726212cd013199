/// A text whose full-width digits, letters and the marks of numbers and mail stand as ASCII, and the way back.
///
///     电话：（０１０）６２７８…     电话：(010)6278…
///
/// Commas, colons and full stops of Chinese stay: between two numbers they are an end, which the ASCII ones are not.
struct NarrowedText {
    private(set) var bytes: [UInt8] = []
    /// Places of the signs that were narrowed; each has lost two bytes.
    private var places: [Int] = []

    /// Nothing where the text has no such sign: most texts need no copy.
    init?(_ utf8: UnsafeBufferPointer<UInt8>) {
        var place = 0
        var kept = 0
        while place + 2 < utf8.count {
            guard utf8[place] == 0xEF, let narrow = Self.narrow(utf8[place + 1], utf8[place + 2]) else {
                place += 1
                continue
            }
            if places.isEmpty { bytes.reserveCapacity(utf8.count) }
            bytes += utf8[kept..<place]
            places.append(bytes.count)
            bytes.append(narrow)
            place += 3
            kept = place
        }
        guard !places.isEmpty else { return nil }
        bytes += utf8[kept...]
    }

    /// The range of the text itself.
    func original(_ range: Range<Int>) -> Range<Int> {
        range.lowerBound + 2 * narrowed(before: range.lowerBound)..<range.upperBound + 2
            * narrowed(before: range.upperBound)
    }

    private func narrowed(before place: Int) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// U+FF01…FF3F are EF BC 81…BF, U+FF40…FF5E are EF BD 80…9E.
    private static func narrow(_ second: UInt8, _ third: UInt8) -> UInt8? {
        let ascii: UInt8
        switch (second, third) {
        case (0xBC, 0x81...0xBF): ascii = third - 0x60
        case (0xBD, 0x80...0x9E): ascii = third - 0x20
        default: return nil
        }
        let isWanted = PersonalScan.isDigit(ascii) || PersonalScan.isLetter(ascii) || "()+-.@_".utf8.contains(ascii)
        return isWanted ? ascii : nil
    }
}
