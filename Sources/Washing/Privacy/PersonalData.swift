/// Finds personal data in a text, and masks what is asked for.
///
///     var text = Array("电话13812345678".utf8)
///     PersonalData.mask(&text, kinds: [.telephone])     // 电话[telephone]
///
/// Everything is decided by form: lengths, prefixes in use, check digits, the signs before and behind. Numbers without
/// a check digit are taken only in the forms in which people write them, so that order numbers, dates, versions and
/// amounts stay. Precision and recall on a labelled set: docs/washing.md.
package enum PersonalData {
    /// All findings in order, none overlapping.
    ///
    /// - Parameter utf8: valid UTF-8.
    package static func find(
        in utf8: UnsafeBufferPointer<UInt8>, kinds: Set<PersonalKind> = Set(PersonalKind.allCases)
    ) -> [PersonalFinding] {
        guard let narrowed = NarrowedText(utf8) else { return findings(utf8, kinds) }
        return narrowed.bytes.withUnsafeBufferPointer { findings($0, kinds) }.map {
            PersonalFinding(kind: $0.kind, range: narrowed.original($0.range))
        }
    }

    private static func findings(
        _ utf8: UnsafeBufferPointer<UInt8>, _ kinds: Set<PersonalKind>
    ) -> [PersonalFinding] {
        PersonalScan.isTrigger.withUnsafeBufferPointer { findings(utf8, kinds, isTrigger: $0) }
    }

    private static func findings(
        _ utf8: UnsafeBufferPointer<UInt8>, _ kinds: Set<PersonalKind>, isTrigger: UnsafeBufferPointer<Bool>
    ) -> [PersonalFinding] {
        let scan = PersonalScan(utf8)
        var findings: [PersonalFinding] = []
        var place = 0
        while place < utf8.count {
            guard isTrigger[Int(utf8[place])], let found = scan.finding(at: place) else {
                place += 1
                continue
            }
            // Backwards, an address may reach into what was found before it.
            let start = max(found.range.lowerBound, findings.last?.range.upperBound ?? 0)
            if kinds.contains(found.kind) {
                findings.append(PersonalFinding(kind: found.kind, range: start..<found.range.upperBound))
            }
            place = max(found.range.upperBound, place + 1)
        }
        return findings
    }

    /// Writes `PersonalKind.mask` in the place of each finding.
    ///
    /// - Returns: how many of each kind there were.
    @discardableResult
    package static func mask(_ text: inout [UInt8], kinds: Set<PersonalKind>) -> [PersonalKind: Int] {
        let findings = text.withUnsafeBufferPointer { find(in: $0, kinds: kinds) }
        guard !findings.isEmpty else { return [:] }
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var counts: [PersonalKind: Int] = [:]
        var place = 0
        for finding in findings {
            output += text[place..<finding.range.lowerBound]
            output += finding.kind.mask.utf8
            place = finding.range.upperBound
            counts[finding.kind, default: 0] += 1
        }
        output += text[place...]
        text = output
        return counts
    }
}
