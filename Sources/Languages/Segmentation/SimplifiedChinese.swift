/// Writes traditional characters as simplified ones: the longest phrase rule first, then sign by sign.
///
///     var text = Array("皇后在頭髮後面".utf8)
///     try SimplifiedChinese.shipped().convert(&text)      // 皇后在头发后面
///
/// Rules are OpenCC's. Characters only: words of Taiwan or Hong Kong stay theirs.
package final class SimplifiedChinese: Sendable {
    /// What a sign of the basic plane becomes; 0 where it stays.
    private let signs: [UInt16]
    /// Whether a phrase, or a rare sign's rule, begins with this sign.
    private let begins: [Bool]
    /// Rules by their first scalar, the longest first.
    private let phrases: [UInt32: [Rule]]

    private struct Rule: Sendable {
        var from: [UInt8]
        var to: [UInt8]
    }

    private static let loaded: Result<SimplifiedChinese, LanguagesError> = Result { () throws(LanguagesError) in
        try SimplifiedChinese(try CompressedResource.inflated("simplified.bin"))
    }

    /// The shipped table; read on the first call.
    package static func shipped() throws(LanguagesError) -> SimplifiedChinese { try loaded.get() }

    init(_ bytes: [UInt8]) throws(LanguagesError) {
        var signs = [UInt16](repeating: 0, count: 0x10000)
        var begins = [Bool](repeating: false, count: 0x10000)
        var phrases: [UInt32: [Rule]] = [:]
        for line in bytes.split(separator: 0x0A) {
            let parts = line.split(separator: 0x09)
            let from = String(decoding: parts[0], as: UTF8.self).unicodeScalars
            guard parts.count == 2, let first = from.first?.value else {
                throw .resourceBroken(name: "simplified.bin", field: "rule", reason: "\(parts.count) parts")
            }
            let to = String(decoding: parts[1], as: UTF8.self).unicodeScalars
            if from.count == 1, to.count == 1, let only = to.first?.value, first < 0x10000, only < 0x10000 {
                signs[Int(first)] = UInt16(only)
            } else {
                phrases[first, default: []].append(Rule(from: Array(parts[0]), to: Array(parts[1])))
                begins[Int(first < 0x10000 ? first : 0)] = true
            }
        }
        for key in phrases.keys { phrases[key]?.sort { $0.from.count > $1.from.count } }
        self.signs = signs
        self.begins = begins
        self.phrases = phrases
    }

    /// Converts valid UTF-8 in place; text without traditional signs is left as it is, without a copy.
    ///
    /// - Returns: whether anything changed.
    @discardableResult
    package func convert(_ utf8: inout [UInt8]) -> Bool {
        var output: [UInt8] = []
        // Bytes before this are in the output, once there is one.
        var copied = 0
        utf8.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            var place = 0
            while place < bytes.count {
                let start = place
                let scalar = UTF8Scalar.next(base, &place, end: bytes.count)
                guard scalar >= 0x2E80 else { continue }
                let index = scalar < 0x10000 ? Int(scalar) : 0
                if begins[index], let rule = phrases[scalar]?.first(where: { matches($0, bytes, start) }) {
                    if output.isEmpty { output.reserveCapacity(bytes.count) }
                    output += bytes[copied..<start]
                    output += rule.to
                    place = start + rule.from.count
                    copied = place
                } else if signs[index] != 0 {
                    if output.isEmpty { output.reserveCapacity(bytes.count) }
                    output += bytes[copied..<start]
                    Self.append(signs[index], to: &output)
                    copied = place
                }
            }
            if copied > 0 { output += bytes[copied...] }
        }
        if copied > 0 { utf8 = output }
        return copied > 0
    }

    private func matches(_ rule: Rule, _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Bool {
        start + rule.from.count <= bytes.count && rule.from.indices.allSatisfy { bytes[start + $0] == rule.from[$0] }
    }

    /// Three bytes: all signs of rules are above U+0800.
    private static func append(_ sign: UInt16, to output: inout [UInt8]) {
        output.append(0xE0 | UInt8(sign >> 12))
        output.append(0x80 | UInt8(sign >> 6 & 0x3F))
        output.append(0x80 | UInt8(sign & 0x3F))
    }
}
