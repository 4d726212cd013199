extension PersonalScan {
    private static let streets: Set<String> = [
        "street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "ln", "drive", "dr", "court", "ct",
        "place", "pl", "square", "sq", "terrace", "highway", "hwy", "parkway", "pkwy", "crescent", "close",
    ]
    private static let rooms: Set<String> = ["apt", "apartment", "suite", "unit", "floor", "room", "ste"]
    private static let wordsMax = 4

    /// A house number, one to four capitalised words, a word for a street; then perhaps a room, a town, a state and
    /// its code.
    func englishAddress(at place: Int) -> PersonalFinding? {
        let count = digits(at: place, max: 6)
        guard (1...5).contains(count), bytes[place] != 0x30 else { return nil }
        var end = place + count
        if Self.isLetter(byte(end)), !Self.isLetter(byte(end + 1)), byte(end + 1) == 0x20 { end += 1 }
        var words = 0
        while byte(end) == 0x20 {
            let word = self.word(at: end + 1)
            guard !word.isEmpty, isCapital(word) || Self.isDigit(bytes[word.lowerBound]) else { return nil }
            end = word.upperBound
            words += 1
            if words > 1, Self.streets.contains(text(word)) {
                // "St" and "Dr" have points.
                if byte(end) == UInt8(ascii: "."), word.count <= 4 { end += 1 }
                return PersonalFinding(kind: .address, range: place..<addressTail(end))
            }
            guard words <= Self.wordsMax else { return nil }
            if byte(end) == UInt8(ascii: "."), word.count == 1 { end += 1 }
        }
        return nil
    }

    /// ", Apt 5B", ", Springfield, IL 62704".
    private func addressTail(_ place: Int) -> Int {
        var end = place
        for _ in 0..<4 {
            var next = end
            if byte(next) == UInt8(ascii: ",") { next += 1 }
            guard byte(next) == 0x20 else { break }
            let first = word(at: next + 1)
            guard !first.isEmpty else { break }
            if Self.rooms.contains(text(first)), byte(first.upperBound) == 0x20 || byte(first.upperBound) == 0x2E {
                let room = word(at: first.upperBound + (byte(first.upperBound) == 0x2E ? 2 : 1))
                guard !room.isEmpty else { break }
                end = room.upperBound
            } else if first.count == 2, bytes[first].allSatisfy({ (0x41...0x5A).contains($0) }),
                byte(first.upperBound) == 0x20, digits(at: first.upperBound + 1) == 5
            {
                return first.upperBound + 6
            } else if bytes[next - 1] == UInt8(ascii: ","), isCapital(first), first.count > 2 {
                // A town counts only before what comes next.
                var town = first
                while byte(town.upperBound) == 0x20, case let more = word(at: town.upperBound + 1), isCapital(more) {
                    town = town.lowerBound..<more.upperBound
                }
                guard byte(town.upperBound) == UInt8(ascii: ",") else { break }
                let state = word(at: town.upperBound + 2)
                guard state.count == 2, digits(at: state.upperBound + 1) == 5 else { break }
                return state.upperBound + 6
            } else {
                break
            }
        }
        return end
    }

    private func word(at place: Int) -> Range<Int> {
        var end = place
        while end < bytes.count,
            Self.isLetter(bytes[end]) || Self.isDigit(bytes[end]) || bytes[end] == UInt8(ascii: "'")
        {
            end += 1
        }
        return min(place, end)..<end
    }

    private func isCapital(_ word: Range<Int>) -> Bool {
        !word.isEmpty && (0x41...0x5A).contains(bytes[word.lowerBound])
    }

    private func text(_ word: Range<Int>) -> String { String(decoding: bytes[word].map(Self.lower), as: UTF8.self) }
}
