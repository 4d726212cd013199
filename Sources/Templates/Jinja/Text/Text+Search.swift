extension Text {
    /// Where `needle` first stands at or after `start`. Time grows with the sum of both lengths, not their product:
    /// the text may be a reader's and the needle a part of it.
    func firstRange(of needle: Text, from start: Int = 0) -> Range<Int>? {
        let (hay, pin) = (scalars, needle.scalars)
        if pin.isEmpty { return start <= hay.count ? start..<start : nil }
        if start + pin.count > hay.count { return nil }
        let fallback = pin.count > 16 ? Self.fallbacks(pin) : []
        if fallback.isEmpty {
            for place in start...(hay.count - pin.count) where hay[place] == pin[0] {
                if pin.indices.allSatisfy({ hay[place + $0] == pin[$0] }) { return place..<place + pin.count }
            }
            return nil
        }
        var matched = 0
        for place in start..<hay.count {
            while matched > 0, hay[place] != pin[matched] { matched = fallback[matched - 1] }
            if hay[place] == pin[matched] { matched += 1 }
            if matched == pin.count { return place + 1 - matched..<place + 1 }
        }
        return nil
    }

    /// Knuth, Morris and Pratt: how much of the pattern still matches after a mismatch at each place.
    private static func fallbacks(_ pin: [Unicode.Scalar]) -> [Int] {
        var table = Array(repeating: 0, count: pin.count)
        var matched = 0
        for place in pin.indices.dropFirst() {
            while matched > 0, pin[place] != pin[matched] { matched = table[matched - 1] }
            if pin[place] == pin[matched] { matched += 1 }
            table[place] = matched
        }
        return table
    }

    /// All places of `needle` from the left that do not overlap, `max` at most.
    func ranges(of needle: Text, max: Int = .max) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while found.count < max, let range = firstRange(of: needle, from: start) {
            found.append(range)
            start = range.isEmpty ? range.upperBound + 1 : range.upperBound
        }
        return found
    }

    /// The last place of `needle` that ends at or before `end`.
    func lastRange(of needle: Text, before end: Int? = nil) -> Range<Int>? {
        let (left, pin) = (reversed(upTo: end ?? count), needle.reversed(upTo: needle.count))
        guard let range = left.firstRange(of: pin) else { return nil }
        return left.count - range.upperBound..<left.count - range.lowerBound
    }

    private func reversed(upTo end: Int) -> Text {
        Text(scalars: scalars[..<end].reversed(), isTrusted: true)
    }

    func hasPrefix(_ other: Text) -> Bool { scalars.starts(with: other.scalars) }

    func hasSuffix(_ other: Text) -> Bool {
        count >= other.count && scalars[(count - other.count)...].elementsEqual(other.scalars)
    }

    /// Without the characters of `set` (white space when nil) at its ends.
    func stripped(_ set: Text?, left: Bool = true, right: Bool = true) -> Text {
        let members = set.map { Set($0.scalars) }
        func drops(_ scalar: Unicode.Scalar) -> Bool {
            if let members { members.contains(scalar) } else { scalar.isPythonSpace }
        }
        var (start, end) = (0, count)
        while left, start < end, drops(scalars[start]) { start += 1 }
        while right, end > start, drops(scalars[end - 1]) { end -= 1 }
        return start == 0 && end == count ? self : self[start..<end]
    }

    /// Every `needle` replaced, `max` times at most. An empty needle stands before every character and at the end.
    func replacing(_ needle: Text, with other: Text, max: Int) -> Text {
        var result = Text()
        result.isMarkup = isMarkup
        var start = 0
        for range in ranges(of: needle, max: max) {
            result.append(self[start..<range.lowerBound])
            result.append(other)
            start = range.upperBound
        }
        result.append(self[start..<count])
        return result
    }

    /// The parts between the places of `separator`.
    func split(_ separator: Text, max: Int) -> [Text] {
        var (parts, start): ([Text], Int) = ([], 0)
        for range in ranges(of: separator, max: max) {
            parts.append(self[start..<range.lowerBound])
            start = range.upperBound
        }
        return parts + [self[start..<count]]
    }

    /// The same counted from the right: "aaa" by "aa" is "a" and "", not "" and "a".
    func splitFromRight(_ separator: Text, max: Int) -> [Text] {
        let mirror = reversed(upTo: count)
        let pin = separator.reversed(upTo: separator.count)
        var (parts, end): ([Text], Int) = ([], count)
        for range in mirror.ranges(of: pin, max: max) {
            parts.append(self[count - range.lowerBound..<end])
            end = count - range.upperBound
        }
        return [self[0..<end]] + parts.reversed()
    }

    /// The words between white space.
    func splitAtSpace(max: Int) -> [Text] {
        var (parts, place): ([Text], Int) = ([], 0)
        while true {
            while place < count, scalars[place].isPythonSpace { place += 1 }
            if place == count { return parts }
            if parts.count == max { return parts + [self[place..<count]] }
            let start = place
            while place < count, !scalars[place].isPythonSpace { place += 1 }
            parts.append(self[start..<place])
        }
    }

    func splitAtSpaceFromRight(max: Int) -> [Text] {
        var (parts, end): ([Text], Int) = ([], count)
        while true {
            while end > 0, scalars[end - 1].isPythonSpace { end -= 1 }
            if end == 0 { return parts.reversed() }
            if parts.count == max { return [self[0..<end]] + parts.reversed() }
            let stop = end
            while end > 0, !scalars[end - 1].isPythonSpace { end -= 1 }
            parts.append(self[end..<stop])
        }
    }

    /// The lines, without their ends unless `keepsEnds`.
    func lines(keepsEnds: Bool = false) -> [Text] {
        var (lines, start, place): ([Text], Int, Int) = ([], 0, 0)
        while place < count {
            guard scalars[place].isPythonLineEnd else {
                place += 1
                continue
            }
            let end = place
            place += scalars[place] == "\r" && place + 1 < count && scalars[place + 1] == "\n" ? 2 : 1
            lines.append(self[start..<(keepsEnds ? place : end)])
            start = place
        }
        if start < count { lines.append(self[start..<count]) }
        return lines
    }
}
