extension PersonalScan {
    /// Ends of file names that look like the end of a mail address ("icon@2x.png").
    private static let fileEnds: Set<String> = [
        "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "ts", "css", "json", "html", "py", "java", "service", "md",
        "txt",
    ]

    /// Whose addresses are written with # for @.
    private static let providers = [
        "163.com", "126.com", "qq.com", "sina.com", "sohu.com", "gmail.com", "foxmail.com", "139.com", "yeah.net",
        "189.cn",
        "hotmail.com", "outlook.com", "vip.163.com", "vip.qq.com", "aliyun.com",
    ]

    /// The last words of hosts that people spell out.
    private static let topLevels: Set<String> = [
        "com", "org", "net", "edu", "gov", "cn", "uk", "de", "fr", "jp", "io", "info", "eu", "us", "ca", "au", "tw",
        "hk",
    ]

    /// Letters, digits and `._%+-` before, names with points behind, the last of letters.
    func mail(at place: Int) -> PersonalFinding? {
        var start = place
        while start > 0, place - start < 64, isLocal(before: start) { start -= 1 }
        while start < place, ".-+%_'".utf8.contains(bytes[start]) { start += 1 }
        guard start < place, bytes[place - 1] != UInt8(ascii: "."), start == 0 || bytes[start - 1] != UInt8(ascii: "/")
        else { return nil }
        var end = place + 1
        var label = end
        var labels = 0
        while end - place < 254 {
            let next = byte(end)
            if Self.isDigit(next) || Self.isLetter(next) || next == UInt8(ascii: "-") && end > label {
                end += 1
            } else if next == UInt8(ascii: "."), end > label,
                Self.isDigit(byte(end + 1)) || Self.isLetter(byte(end + 1))
            {
                labels += 1
                end += 1
                label = end
            } else {
                break
            }
        }
        while end > label, bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
        let last = bytes[label..<end]
        guard labels > 0, (2...18).contains(last.count), last.allSatisfy(Self.isLetter),
            // "git@host:path" is where a program goes, no one's mail.
            byte(end) != UInt8(ascii: ":") || !Self.isLetter(byte(end + 1)) && byte(end + 1) != UInt8(ascii: "/"),
            !Self.fileEnds.contains(String(decoding: last.map(Self.lower), as: UTF8.self))
        else { return nil }
        return PersonalFinding(kind: .mail, range: start..<end)
    }

    private func isLocal(before place: Int) -> Bool {
        guard place > 0 else { return false }
        let byte = bytes[place - 1]
        if Self.isDigit(byte) || Self.isLetter(byte) || "._%+-".utf8.contains(byte) { return true }
        // O'Brien; a quotation's mark has no letter before it.
        return byte == UInt8(ascii: "'") && place >= 2 && Self.isLetter(bytes[place - 2])
    }

    /// "name#163.com", as it is written where addresses are gathered by machines; of the large providers only.
    func mail(hashAt place: Int) -> PersonalFinding? {
        var start = place
        while start > 0, place - start < 64, isLocal(before: start) { start -= 1 }
        guard place - start >= 2, place > 0, bytes[place - 1] != UInt8(ascii: "."),
            let provider = Self.providers.first(where: { starts($0, place + 1) }),
            case let end = place + 1 + provider.utf8.count, isFree(after: end)
        else { return nil }
        return PersonalFinding(kind: .mail, range: start..<end)
    }

    /// "name (at) host (dot) org", "name[at]host.org".
    func mail(bracketAt place: Int) -> PersonalFinding? {
        guard let behind = bracketed("at", place) ?? bracketed("@", place) else { return nil }
        let name = place > 0 && bytes[place - 1] == 0x20 ? place - 1 : place
        var start = name
        while start > 0, name - start < 64, isLocal(before: start) { start -= 1 }
        guard start < name, let end = spelledDomain(byte(behind) == 0x20 ? behind + 1 : behind) else { return nil }
        return PersonalFinding(kind: .mail, range: start..<end)
    }

    /// "name at host dot com": three words in a sentence, so the last must be one that hosts end with.
    func mail(spelledAt place: Int) -> PersonalFinding? {
        guard Self.lower(bytes[place]) == UInt8(ascii: "a"), Self.lower(byte(place + 1)) == UInt8(ascii: "t"),
            byte(place + 2) == 0x20, place >= 2, bytes[place - 1] == 0x20,
            let end = spelledDomain(place + 3, isPlain: true)
        else { return nil }
        var start = place - 1
        while start > 0, place - start < 64, isLocal(before: start) { start -= 1 }
        let dot = " dot ".utf8.count
        if start > dot, starts(" dot ", start - dot) || starts(" DOT ", start - dot) {
            start -= dot
            while start > 0, place - start < 64, isLocal(before: start) { start -= 1 }
        }
        return start < place - 1 ? PersonalFinding(kind: .mail, range: start..<end) : nil
    }

    /// The end of names with points between them, which may be words in brackets.
    ///
    /// - Parameter isPlain: all points are words, without brackets.
    private func spelledDomain(_ place: Int, isPlain: Bool = false) -> Int? {
        var end = place
        var points = 0
        while end - place < 254 {
            let label = end
            while Self.isDigit(byte(end)) || Self.isLetter(byte(end)) || byte(end) == UInt8(ascii: "-") { end += 1 }
            guard end > label else { return nil }
            if let next = pointEnd(end, isPlain: isPlain) {
                points += 1
                end = next
                continue
            }
            let last = String(decoding: bytes[label..<end].map(Self.lower), as: UTF8.self)
            let isKnown = isPlain ? Self.topLevels.contains(last) : last.utf8.allSatisfy(Self.isLetter)
            return points > 0 && (2...18).contains(end - label) && isKnown ? end : nil
        }
        return nil
    }

    private func pointEnd(_ place: Int, isPlain: Bool) -> Int? {
        let gap = byte(place) == 0x20 ? place + 1 : place
        if isPlain {
            return starts(" dot ", place) || starts(" DOT ", place) ? place + 5 : nil
        }
        if let end = bracketed("dot", gap) { return byte(end) == 0x20 ? end + 1 : end }
        let isPoint =
            byte(place) == UInt8(ascii: ".") && (Self.isDigit(byte(place + 1)) || Self.isLetter(byte(place + 1)))
        return isPoint ? place + 1 : nil
    }

    /// A word in brackets, round or square; where they end.
    private func bracketed(_ word: String, _ place: Int) -> Int? {
        let open = byte(place)
        guard open == UInt8(ascii: "(") || open == UInt8(ascii: "[") else { return nil }
        var end = byte(place + 1) == 0x20 ? place + 2 : place + 1
        for letter in word.utf8 {
            guard Self.lower(byte(end)) == letter else { return nil }
            end += 1
        }
        if byte(end) == 0x20 { end += 1 }
        return byte(end) == (open == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")) ? end + 1 : nil
    }
}
