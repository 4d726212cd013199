import Languages

extension PersonalScan {
    private static let plateSigns = Set("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领".unicodeScalars.map(\.value))
    /// What a house number follows: roads, lanes, villages, estates.
    private static let roads = Set("路街道巷弄里村组苑园区段庄寨屯营坊桥楼".unicodeScalars.map(\.value))
    private static let roadWords = ["胡同", "大院", "公寓", "花园", "小区", "大厦", "广场"].map { Array($0.utf8) }
    /// What follows a house number inside the house.
    private static let inside = Set("号楼栋幢座单元层室户院门附房之號樓棟單層".unicodeScalars.map(\.value))
    /// Words and marks before an address that are no part of it.
    private static let before = Set(
        "在于住是为了址到往至从经由与及即叫给去把居，。、；：:,;（）()【】[]《》\"“”'「」|／/\n\t ".unicodeScalars.map(\.value))
    private static let addressSignsMax = 36
    private static let provinceNames = [
        "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南",
        "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾",
    ]
    private static let ordinals = Set("一二三四五六七八九十东西南北甲乙丙丁".unicodeScalars.map(\.value))
    /// Last signs of names of buildings and estates.
    private static let buildings = Set("厦场心园苑城寓区学楼院府湾里阁轩庭".unicodeScalars.map(\.value))
    private static let buildingSignsMax = 16

    /// 京A·12345 and 粤B D12345.
    func plate(at place: Int) -> PersonalFinding? {
        guard (0x41...0x5A).contains(byte(place + 3)), let base = bytes.baseAddress else { return nil }
        var end = place
        guard Self.plateSigns.contains(UTF8Scalar.next(base, &end, end: bytes.count)) else { return nil }
        let city = byte(end)
        guard (0x41...0x5A).contains(city), city != UInt8(ascii: "I"), city != UInt8(ascii: "O") else { return nil }
        end += 1
        for mark in ["·", "•", " ", "-"] where bytes[end...].starts(with: mark.utf8) {
            end += mark.utf8.count
            break
        }
        let start = end
        var digits = 0
        while end - start < 6, Self.isPlateSign(byte(end)) {
            if Self.isDigit(byte(end)) { digits += 1 }
            end += 1
        }
        let count = end - start
        // Trailers, police, driving schools, cars of Hong Kong and Macao: four signs and a word.
        if count == 4, digits >= 2, ["挂", "警", "学", "港", "澳", "領", "领"].contains(where: { starts($0, end) }) {
            return PersonalFinding(kind: .plate, range: place..<end + 3)
        }
        // Ordinary plates have five signs, at most two of them letters; new energies six, a letter in front or behind.
        let isOrdinary = count == 5 && digits >= 3
        let isElectric = count == 6 && digits >= 4 && (Self.isLetter(bytes[start]) || Self.isLetter(bytes[end - 1]))
        guard isOrdinary || isElectric, !Self.isDigit(byte(end)), !Self.isLetter(byte(end)) else { return nil }
        return PersonalFinding(kind: .plate, range: place..<end)
    }

    private static func isPlateSign(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) && byte != UInt8(ascii: "I") && byte != UInt8(ascii: "O")
    }

    /// Recognised by 号 (or 弄) behind a number behind a road; then taken from where its signs begin to where they end.
    func chineseAddress(at place: Int) -> PersonalFinding? {
        guard has("号", at: place) || has("號", at: place) || has("弄", at: place) else { return nil }
        var number = place
        while number > 0, place - number < 12, Self.isDigit(bytes[number - 1]) || bytes[number - 1] == UInt8(ascii: "-")
        {
            number -= 1
        }
        guard number < place, number >= 3, place - number <= 9, let road = sign(before: number),
            Self.roads.contains(road) || Self.roadWords.contains(where: { endsWith($0, number) })
        else { return nil }
        // Underground lines, buses and files: 10号线, 3号文件.
        for word in ["线", "文件", "公路", "令", "公告", "高速", "元"] where starts(word, place + 3) { return nil }
        let start = addressStart(number)
        // A road has a name.
        guard number - start >= 9 else { return nil }
        return PersonalFinding(kind: .address, range: start..<addressEnd(place + 3))
    }

    /// Back over ideographs, digits and letters to a mark or a word like "at".
    private func addressStart(_ number: Int) -> Int {
        var start = number
        for _ in 0..<Self.addressSignsMax {
            guard let sign = sign(before: start), !Self.before.contains(sign),
                (0x4E00...0x9FFF).contains(sign) || isPlain(sign)
            else { break }
            start -= sign < 128 ? 1 : 3
        }
        if starts("老家", start) { start += 6 }
        return provinceStart(start..<number) ?? start
    }

    private func isPlain(_ sign: UInt32) -> Bool { sign < 128 && Self.isDigit(UInt8(sign)) }

    /// The first province or town under the state within the signs that were gone over: what stands before it is no
    /// part of the address.
    private func provinceStart(_ range: Range<Int>) -> Int? {
        var place = range.lowerBound
        while place + 9 <= range.upperBound {
            if has("省", at: place + 6) || has("市", at: place + 6),
                Self.provinceNames.contains(where: { starts($0, place) })
            {
                return place
            }
            place += 1
        }
        return nil
    }

    private func addressEnd(_ place: Int) -> Int {
        let end = insideEnd(place, isNamed: false)
        return buildingEnd(end) ?? end
    }

    /// On over numbers and words for parts of houses.
    ///
    /// - Parameter isNamed: a building's name stands before; a number alone is a room's then.
    private func insideEnd(_ place: Int, isNamed: Bool) -> Int {
        guard let base = bytes.baseAddress else { return place }
        var end = place
        var accepted = place
        while end < bytes.count, end - place < 60 {
            if isRoom(byte(end)) {
                end += 1
                continue
            }
            guard bytes[end] >= 0xE0 else { break }
            var next = end
            let sign = UTF8Scalar.next(base, &next, end: bytes.count)
            if Self.inside.contains(sign), !starts("门口", end) {
                end = next
                accepted = end
            } else if Self.ordinals.contains(sign) {
                end = next
            } else {
                break
            }
        }
        return roomEnd(accepted, isNamed: isNamed || accepted > place) ?? accepted
    }

    /// "5栋302", "大厦20F", "18-6", "40号甲": what stands behind the last word.
    private func roomEnd(_ place: Int, isNamed: Bool) -> Int? {
        var end = place
        while isRoom(byte(end)) { end += 1 }
        if end == place {
            let isOrdinal = ["甲", "乙", "丙", "丁"].contains { starts($0, place) }
            return isOrdinal && (place + 3 == bytes.count || !isIdeograph(place + 3)) ? place + 3 : nil
        }
        let count = end - place
        let isNumber = bytes[place..<end].contains(where: Self.isDigit)
        let isCounted = ["年", "月", "日", "元", "米", "人", "个", "台", "万", "岁", "路"].contains { starts($0, end) }
        return isNumber && !isCounted && (isNamed ? 2...7 : 3...4).contains(count) ? end : nil
    }

    private func isRoom(_ byte: UInt8) -> Bool {
        Self.isDigit(byte) || Self.isLetter(byte) || byte == UInt8(ascii: "-")
    }

    private func isIdeograph(_ place: Int) -> Bool { (0xE4...0xE9).contains(byte(place)) }

    /// "华星时代广场A座1203室" behind the house's number: a name, and where in it. A name alone stays.
    private func buildingEnd(_ place: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var end = place
        var last: UInt32 = 0
        var signs = 0
        while end < bytes.count, isIdeograph(end), signs < Self.buildingSignsMax {
            last = UTF8Scalar.next(base, &end, end: bytes.count)
            if Self.before.contains(last) { return nil }
            signs += 1
        }
        guard signs >= 2, Self.buildings.contains(last), isRoom(byte(end)) else { return nil }
        let inside = insideEnd(end, isNamed: true)
        return inside > end ? inside : nil
    }

    /// The scalar that ends at `place`.
    private func sign(before place: Int) -> UInt32? {
        guard place > 0, let base = bytes.baseAddress else { return nil }
        var start = place - 1
        while start > 0, place - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return UTF8Scalar.next(base, &start, end: place)
    }

    private func endsWith(_ word: [UInt8], _ place: Int) -> Bool {
        place >= word.count && bytes[place - word.count..<place].elementsEqual(word)
    }

    func starts(_ word: String, _ place: Int) -> Bool {
        place <= bytes.count && bytes[place...].starts(with: word.utf8)
    }
}
