extension PersonalScan {
    /// Words before numbers with points that count chapters or programs.
    private static let numberings = [
        "version", "ver", "版本", "release", "build", "v.", "section", "chapter", "clause", "章", "节", "条",
    ]

    /// Four small numbers are a section's or a version's, unless a word says what they are.
    private static let numberingsMax = 32
    private static let hosts = ["ip", "host", "server", "ping", "from", "addr", "地址", "服务器", "主机", "ssh"]

    /// Four numbers under 256, public, and no version of a program.
    func ip4(at place: Int) -> PersonalFinding? {
        var parts: [Int] = []
        var end = place
        while parts.count < 4 {
            let count = digits(at: end, max: 4)
            guard (1...3).contains(count), count == 1 || bytes[end] != 0x30 else { return nil }
            parts.append(number(end, count))
            end += count
            if parts.count < 4 {
                guard byte(end) == UInt8(ascii: ".") else { return nil }
                end += 1
            }
        }
        // A port or a mask may follow, a fifth part or the end of a file's name not.
        let next = byte(end)
        let isNumbering = parts.allSatisfy { $0 < Self.numberingsMax } && !follows(Self.hosts, place)
        guard !isNumbering, parts.allSatisfy({ $0 < 256 }), !Self.isDigit(next), !Self.isLetter(next),
            next != UInt8(ascii: "_"),
            next != UInt8(ascii: ".") && next != UInt8(ascii: "-")
                || !Self.isDigit(byte(end + 1)) && !Self.isLetter(byte(end + 1)),
            place == 0 || bytes[place - 1] != UInt8(ascii: "-"), !follows(Self.numberings, place, within: 12),
            Self.isPublic(parts)
        else { return nil }
        return PersonalFinding(kind: .ip, range: place..<end)
    }

    /// What RFC 6890 keeps for special uses is nobody's address.
    private static func isPublic(_ parts: [Int]) -> Bool {
        switch (parts[0], parts[1]) {
        case (0, _), (10, _), (127, _), (224..., _), (169, 254), (192, 168), (172, 16...31), (100, 64...127),
            (198, 18...19):
            false
        case (192, 0): parts[2] > 2 || parts[2] == 1
        case (198, 51): parts[2] != 100
        case (203, 0): parts[2] != 113
        default: true
        }
    }

    /// An address of version 6 that begins with `::`.
    func ip6(at place: Int) -> PersonalFinding? {
        guard byte(place + 1) == UInt8(ascii: ":"), isFree(before: place),
            place == 0 || bytes[place - 1] != UInt8(ascii: ":")
        else { return nil }
        return ip6(from: place)
    }

    /// The same that begins with a group. What stands behind a colon is the rest of something.
    func ip6(hexAt place: Int) -> PersonalFinding? {
        place > 0 && bytes[place - 1] == UInt8(ascii: ":") ? nil : ip6(from: place)
    }

    /// Eight groups of up to four hexadecimal digits, or fewer around one `::`.
    private func ip6(from place: Int) -> PersonalFinding? {
        var end = place
        var groups = 0
        var gap = false
        var hasDigit = false
        while groups < 8 {
            var count = 0
            while count < 5, Self.isHex(byte(end + count)) {
                hasDigit = hasDigit || Self.isDigit(byte(end + count))
                count += 1
            }
            guard count < 5 else { return nil }
            if count > 0 {
                groups += 1
                end += count
            }
            guard groups < 8, byte(end) == UInt8(ascii: ":") else { break }
            if byte(end + 1) == UInt8(ascii: ":") {
                guard !gap else { return nil }
                gap = true
                end += 2
            } else {
                guard count > 0, Self.isHex(byte(end + 1)) else { break }
                end += 1
            }
        }
        // Times, hardware addresses (six groups) and names with "::" in them have neither form.
        let isWhole = groups == 8 && !gap || gap && (3...7).contains(groups) && hasDigit
        guard isWhole, isFree(after: end), byte(end) != UInt8(ascii: ":"), !isLocal6(place) else { return nil }
        return PersonalFinding(kind: .ip, range: place..<end)
    }

    /// Link-local, unique local, documentation.
    private func isLocal6(_ place: Int) -> Bool {
        let first = bytes[place..<min(place + 9, bytes.count)].map(Self.lower)
        return first.starts(with: "fe80".utf8) || first.starts(with: "fc".utf8) || first.starts(with: "fd".utf8)
            || first.starts(with: "2001:db8".utf8)
    }

    private static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
}
