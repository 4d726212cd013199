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

    /// "P.O. Box 1142", and where it is.
    func postBox(at place: Int) -> PersonalFinding? {
        guard let name = ["P.O. Box ", "PO Box ", "P. O. Box ", "P.O. BOX "].first(where: { starts($0, place) }),
            case let count = digits(at: place + name.utf8.count), (1...6).contains(count)
        else { return nil }
        return PersonalFinding(kind: .address, range: place..<addressTail(place + name.utf8.count + count))
    }

    /// ", Apt 5B", ", Springfield, IL 62704", ", London SW1A 2AA". A town counts only before its state or code.
    private func addressTail(_ place: Int) -> Int {
        var end = place
        var accepted = place
        for _ in 0..<6 {
            var next = end
            if byte(next) == UInt8(ascii: ",") { next += 1 }
            guard byte(next) == 0x20, case let first = word(at: next + 1), !first.isEmpty else { break }
            if let room = roomEnd(first) {
                (end, accepted) = (room, room)
            } else if let code = codeEnd(first, isBehindTown: end > accepted) {
                return code
            } else if bytes[next - 1] == UInt8(ascii: ","), isCapital(first), first.count > 2 {
                end = first.upperBound
                while byte(end) == 0x20, case let more = word(at: end + 1), isCapital(more),
                    codeEnd(more, isBehindTown: true) == nil
                {
                    end = more.upperBound
                }
            } else {
                break
            }
        }
        return accepted
    }

    /// "Apt 5B", "Suite. 4", "6th Floor".
    private func roomEnd(_ first: Range<Int>) -> Int? {
        let behind = byte(first.upperBound)
        if Self.isDigit(bytes[first.lowerBound]),
            ["st", "nd", "rd", "th"].contains(where: { text(first).hasSuffix($0) })
        {
            let next = word(at: first.upperBound + 1)
            return text(next) == "floor" ? next.upperBound : nil
        }
        guard Self.rooms.contains(text(first)), behind == 0x20 || behind == UInt8(ascii: ".") else { return nil }
        let room = word(at: first.upperBound + (behind == 0x20 ? 1 : 2))
        return room.isEmpty ? nil : room.upperBound
    }

    /// "IL 62704", "CA 02139-4307", "SW1A 2AA"; a state alone behind a town.
    private func codeEnd(_ first: Range<Int>, isBehindTown: Bool) -> Int? {
        let next = word(at: first.upperBound + 1)
        let isCapitals = bytes[first].allSatisfy { (0x41...0x5A).contains($0) || Self.isDigit($0) }
        guard isCapitals, (2...4).contains(first.count), isCapital(first) else { return nil }
        if first.count == 2, !bytes[first].contains(where: Self.isDigit) {
            guard byte(first.upperBound) == 0x20, next.count == 5, digits(at: next.lowerBound) == 5 else {
                return isBehindTown ? first.upperBound : nil
            }
            let isLong = byte(next.upperBound) == UInt8(ascii: "-") && digits(at: next.upperBound + 1) == 4
            return next.upperBound + (isLong ? 5 : 0)
        }
        // The United Kingdom's: one or two letters, a digit, perhaps another sign; a digit and two letters.
        guard bytes[first].contains(where: Self.isDigit), next.count == 3, Self.isDigit(bytes[next.lowerBound]),
            (0x41...0x5A).contains(bytes[next.lowerBound + 1]), (0x41...0x5A).contains(bytes[next.lowerBound + 2])
        else { return nil }
        return next.upperBound
    }

    private func word(at place: Int) -> Range<Int> {
        let place = min(place, bytes.count)
        var end = place
        while end < bytes.count,
            Self.isLetter(bytes[end]) || Self.isDigit(bytes[end]) || bytes[end] == UInt8(ascii: "'")
        {
            end += 1
        }
        return place..<end
    }

    private func isCapital(_ word: Range<Int>) -> Bool {
        !word.isEmpty && (0x41...0x5A).contains(bytes[word.lowerBound])
    }

    private func text(_ word: Range<Int>) -> String { String(decoding: bytes[word].map(Self.lower), as: UTF8.self) }
}
