extension PersonalScan {
    /// First two digits of identity cards: provinces, municipalities, regions, Hong Kong, Macao, Taiwan.
    private static let provinces: Set<Int> = [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62,
        63, 64, 65, 71, 81, 82, 83,
    ]

    private static let cardWords = ["身份证", "身份證", "证件号", "公民身份"]

    /// Region, day of birth, order, check sign: 6 + 8 + 3 + 1, in one piece or with a space or hyphen before the day
    /// and behind it. Cards of before 1999 have two digits of the year and no check digit: only behind their name.
    func identityCard(at place: Int) -> PersonalFinding? {
        guard digits(at: place, max: 6) == 6, Self.provinces.contains(number(place, 2)) else { return nil }
        if digits(at: place) == 15 {
            guard isDay(place + 8), isFree(after: place + 15), follows(Self.cardWords, place) else { return nil }
            return PersonalFinding(kind: .identityCard, range: place..<place + 15)
        }
        var end = place
        var card: [UInt8] = []
        for count in [6, 8, 3] {
            if let mark = [UInt8(0x20), UInt8(ascii: "-")].first(where: { count != 6 && byte(end) == $0 }) {
                // Both gaps or none.
                guard count == 8 || bytes[place + 6] == mark else { return nil }
                end += 1
            }
            guard digits(at: end, max: count) == count else { return nil }
            card += bytes[end..<end + count]
            end += count
        }
        let last = Self.lower(byte(end))
        guard Self.isDigit(last) || last == UInt8(ascii: "x") else { return nil }
        card.append(last)
        end += 1
        let year = card[6..<10].reduce(0) { $0 * 10 + Int($1) - 0x30 }
        let month = Int(card[10]) * 10 + Int(card[11]) - 0x30 * 11
        let day = Int(card[12]) * 10 + Int(card[13]) - 0x30 * 11
        guard isFree(after: end), (1850...2100).contains(year), (1...12).contains(month), (1...31).contains(day),
            CheckDigits.isISO7064(card)
        else { return nil }
        return PersonalFinding(kind: .identityCard, range: place..<end)
    }

    /// Month and day in four digits.
    private func isDay(_ place: Int) -> Bool {
        (1...12).contains(number(place, 2)) && (1...31).contains(number(place + 2, 2))
    }

    /// Kind of register, kind of body, region (100000: the state), 9 signs, check sign: 1 + 1 + 6 + 9 + 1.
    func creditCode(at place: Int) -> PersonalFinding? {
        let end = place + 18
        guard end <= bytes.count, isFree(after: end), "159NY".utf8.contains(bytes[place]),
            digits(at: place + 2, max: 6) == 6,
            Self.provinces.contains(number(place + 2, 2)) || number(place + 2, 6) == 100_000,
            CheckDigits.isCreditCode(bytes[place..<end])
        else { return nil }
        return PersonalFinding(kind: .creditCode, range: place..<end)
    }

    /// 15 to 19 digits, in one piece or in groups of four (American Express: 4-6-5).
    func bankCard(at place: Int) -> PersonalFinding? {
        var card: [UInt8] = []
        var groups: [Int] = []
        var end = place
        var separator: UInt8?
        while true {
            let count = digits(at: end)
            guard count > 0, card.count + count <= 19 else { return nil }
            card += bytes[end..<end + count]
            groups.append(count)
            end += count
            guard end + 1 < bytes.count, bytes[end] == 0x20 || bytes[end] == UInt8(ascii: "-"),
                separator == nil || separator == bytes[end], Self.isDigit(bytes[end + 1]),
                groups.last == 4 || groups == [4, 6]
            else { break }
            separator = bytes[end]
            end += 1
        }
        let isGrouped = groups.count == 1 || groups == [4, 6, 5] || groups.dropLast().allSatisfy { $0 == 4 }
        guard (15...19).contains(card.count), isGrouped, isFree(after: end), Self.isIssued(card),
            Set(card).count > 1, CheckDigits.isLuhn(card)
        else { return nil }
        return PersonalFinding(kind: .bankCard, range: place..<end)
    }

    /// Prefixes and lengths of UnionPay, Visa, Mastercard, American Express, Discover, JCB.
    private static func isIssued(_ card: [UInt8]) -> Bool {
        let prefix = card.prefix(4).reduce(0) { $0 * 10 + Int($1) - 0x30 }
        switch prefix {
        case 6200...6299: return card.count >= 16
        case 4000...4999: return card.count == 16 || card.count == 19
        case 5100...5599, 2221...2720: return card.count == 16
        case 3400...3499, 3700...3799: return card.count == 15
        case 6011, 6440...6599, 3528...3589: return card.count == 16
        // Debit cards of Chinese banks from before UnionPay's prefix.
        case 9558, 9559, 6013: return card.count == 19 || card.count == 16
        default: return false
        }
    }

    /// The value of some digits.
    func number(_ place: Int, _ count: Int) -> Int {
        bytes[place..<place + count].reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
}
