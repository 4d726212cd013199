extension PersonalScan {
    /// Words before a number that make a telephone number of it.
    private static let words = [
        "电话", "電話", "手机", "手機", "传真", "傳真", "热线", "联系方式", "致电", "座机", "tel", "phone", "mobile", "fax", "call",
        "cell", "whatsapp", "landline", "text ", "dial",
    ]

    func telephone(at place: Int) -> PersonalFinding? {
        let end = mobile(place) ?? landline(place) ?? international(place) ?? american(place)
        return end.map { PersonalFinding(kind: .telephone, range: place..<extensionEnd($0)) }
    }

    /// "转8012", "ext. 44".
    private func extensionEnd(_ place: Int) -> Int {
        let gap = byte(place) == 0x20 ? place + 1 : place
        for word in ["转分机", "转", "轉", "ext. ", "ext.", "ext "] where matches(word, at: gap) {
            let count = digits(at: gap + word.utf8.count)
            if (1...6).contains(count) { return gap + word.utf8.count + count }
        }
        return place
    }

    /// 1[3-9]x xxxx xxxx, in one piece, 3-4-4, 4-4-3 or digit by digit, after +86, 0086 or 86 or nothing.
    private func mobile(_ place: Int) -> Int? {
        var start = place
        for code in ["+86", "0086", "(+86)", "(86)", "86"] where matches(code, at: place) {
            start = place + code.utf8.count
            while start < bytes.count, bytes[start] == 0x20 || bytes[start] == UInt8(ascii: "-") { start += 1 }
            break
        }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "1"), start > place || bytes[place] != UInt8(ascii: "+")
        else { return nil }
        let end: Int
        if digits(at: start) == 11 {
            end = start + 11
        } else if let grouped = groups([3, 4, 4], at: start, marks: " -.") ?? groups([4, 4, 3], at: start) {
            end = grouped
        } else if let grouped = groups([Int](repeating: 1, count: 11), at: start), byte(start + 2) >= UInt8(ascii: "3")
        {
            return isFree(after: grouped) ? grouped : nil
        } else {
            return nil
        }
        // 第13812345678次
        guard !(place >= 3 && has("第", at: place - 3)), isFree(after: end), !isAmount(end),
            (3...9).contains(Int(bytes[start + 1]) - 0x30)
        else { return nil }
        // 154 and those of 16x and 14x that no one gave out.
        let prefix = number(start, 3)
        return [142, 143, 154, 160, 161, 163, 164, 168, 169, 179].contains(prefix) ? nil : end
    }

    /// Money behind a number: 元, 万, 亿.
    private func isAmount(_ place: Int) -> Bool {
        has("元", at: place) || has("万", at: place) || has("亿", at: place)
    }

    /// 0xx-xxxxxxxx or (0xxx)xxxxxxx; without a mark between them only behind a word that says what it is.
    private func landline(_ place: Int) -> Int? {
        let isOpen = bytes[place] == UInt8(ascii: "(")
        let start = isOpen ? place + 1 : place
        guard start + 1 < bytes.count, bytes[start] == UInt8(ascii: "0") else { return nil }
        let count = digits(at: start)
        var end = start + count
        if !isOpen, bytes[start + 1] == UInt8(ascii: "9"), let mobile = groups([4, 3, 3], at: start) {
            // Taiwan's: 09xx-xxx-xxx.
            end = mobile
        } else if (3...4).contains(count), isAreaCode(start, count) {
            if isOpen {
                guard end < bytes.count, bytes[end] == UInt8(ascii: ")") else { return nil }
                end += 1
                if end < bytes.count, bytes[end] == 0x20 { end += 1 }
            } else {
                guard end < bytes.count, bytes[end] == UInt8(ascii: "-") || bytes[end] == 0x20 else { return nil }
                end += 1
            }
            let local = digits(at: end)
            if (7...8).contains(local), bytes[end] > UInt8(ascii: "1") {
                end += local
            } else if let grouped = groups([4, 4], at: end) ?? groups([3, 4], at: end), bytes[end] > UInt8(ascii: "1") {
                end = grouped
            } else {
                return nil
            }
        } else if !isOpen, (10...12).contains(count), follows(Self.words, place) {
            guard [3, 4].contains(where: { isAreaCode(start, $0) && (7...8).contains(count - $0) }) else { return nil }
        } else {
            return nil
        }
        // An extension.
        if end < bytes.count, bytes[end] == UInt8(ascii: "-"), (1...5).contains(digits(at: end + 1)) {
            end += 1 + digits(at: end + 1)
        }
        return isFree(after: end) ? end : nil
    }

    /// 010, 02x, and 03xx to 09xx of towns.
    private func isAreaCode(_ place: Int, _ count: Int) -> Bool {
        let second = Int(bytes[place + 1]) - 0x30
        return count == 3
            ? second == 1 && bytes[place + 2] == 0x30 || second == 2 && bytes[place + 2] != 0x36 : second >= 3
    }

    /// + and a country's code, then digits in groups: 8 to 15 in all (ITU-T E.164).
    private func international(_ place: Int) -> Int? {
        guard bytes[place] == UInt8(ascii: "+"), place + 1 < bytes.count, bytes[place + 1] > 0x30,
            place == 0 || !Self.isDigit(bytes[place - 1]) && !Self.isLetter(bytes[place - 1])
        else { return nil }
        var end = place + 1
        var count = 0
        var groups = 0
        while true {
            if end < bytes.count, bytes[end] == UInt8(ascii: "("), Self.isDigit(byte(end + 1)) { end += 1 }
            let more = digits(at: end)
            guard more > 0 else { return nil }
            count += more
            groups += 1
            end += more
            if byte(end) == UInt8(ascii: ")") { end += 1 }
            let next = byte(end)
            guard next == 0x20 || next == UInt8(ascii: "-") || next == UInt8(ascii: "."),
                Self.isDigit(byte(end + 1)) || byte(end + 1) == UInt8(ascii: "(") && Self.isDigit(byte(end + 2))
            else { break }
            end += 1
        }
        return (8...15).contains(count) && groups <= 6 && isFree(after: end) ? end : nil
    }

    /// (212) 555-0123, 212-555-0123, 212.555.0123, with 1 before or not.
    private func american(_ place: Int) -> Int? {
        var start = place
        if byte(start) == UInt8(ascii: "1"), byte(start + 1) == UInt8(ascii: "-") || byte(start + 1) == 0x20 {
            start += 2
        }
        let isOpen = byte(start) == UInt8(ascii: "(")
        if isOpen { start += 1 }
        guard digits(at: start) == 3, byte(start) > UInt8(ascii: "1") else { return nil }
        var end = start + 3
        let mark = byte(end)
        if isOpen {
            guard mark == UInt8(ascii: ")") else { return nil }
            end += byte(end + 1) == 0x20 ? 2 : 1
        } else {
            guard mark == UInt8(ascii: "-") || mark == UInt8(ascii: ".") || mark == 0x20 && follows(Self.words, place)
            else { return nil }
            end += 1
        }
        // 400 and 800 are services of companies, in China too.
        guard digits(at: end) == 3, byte(end) > UInt8(ascii: "1"), digits(at: end + 4) == 4,
            number(start, 3) != 400, number(start, 3) != 800
        else { return nil }
        let second = byte(end + 3)
        guard isOpen ? second == UInt8(ascii: "-") || second == 0x20 : second == mark else { return nil }
        end += 8
        return isFree(after: end) ? end : nil
    }

    /// The end of groups of digits of these sizes with one mark between them, the same everywhere.
    private func groups(_ sizes: [Int], at place: Int, marks: String = " -") -> Int? {
        var end = place
        var separator: UInt8?
        for (number, size) in sizes.enumerated() {
            if number > 0 {
                let next = byte(end)
                guard marks.utf8.contains(next), separator == nil || separator == next else { return nil }
                separator = next
                end += 1
            }
            guard digits(at: end) == size else { return nil }
            end += size
        }
        return end
    }

    /// The byte at a place, 0 behind the end.
    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }

    private func matches(_ text: String, at place: Int) -> Bool {
        place + text.utf8.count <= bytes.count && text.utf8.elementsEqual(bytes[place..<place + text.utf8.count])
    }
}
