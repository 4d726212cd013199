/// Signatures of texts, from which their similarity is estimated.
///
///     let hasher = MinHasher(MinHashSettings())          // one a thread: it keeps working memory
///     if hasher.sign(text) { hasher.bands … hasher.sketch … }
///
/// The usual way asks 100 hash functions for the lowest value each gives to a shingle: 100 steps a shingle. Here one
/// hash puts the shingle into one of 256 bins and is its value there, and only while bins are empty (texts of fewer
/// than 1,500 or so shingles) the shingles are hashed again: the sketch of Dahlgaard, Knudsen and Thorup ("Fast
/// Similarity Sketching", 2017). Bins of two texts agree with probability J exactly, and the estimate is at least as
/// good as with independent functions.
package final class MinHasher {
    package let settings: MinHashSettings
    /// Of the text signed last: a number a band, of texts that agree in all the band's minima the same.
    package private(set) var bands: [UInt64]
    /// Of the text signed last: 4 bits of each minimum.
    package private(set) var sketch: [UInt8]

    private var bins: [UInt64]
    private var units: [UInt64] = []
    private var shingles: [UInt64] = []
    private var shingleCount = 0
    /// Units of one document that are looked at, so that it has at most `shinglesMax` shingles.
    private static let unitsMax = MinHashSettings.shinglesMax + 32
    /// Powers of the base of the rolling hash.
    private let powers: [UInt64]
    private static let base: UInt64 = 0x2545_f491_4f6c_dd1d

    /// - Precondition: the settings have no `problem`.
    package init(_ settings: MinHashSettings = MinHashSettings()) {
        precondition(settings.problem == nil, settings.problem ?? "")
        self.settings = settings
        bands = Array(repeating: 0, count: settings.bands)
        sketch = Array(repeating: 0, count: MinHashSettings.sketchBytes)
        bins = Array(repeating: .max, count: MinHashSettings.bins)
        var powers: [UInt64] = [1]
        for _ in 0..<64 { powers.append(powers[powers.count - 1] &* Self.base) }
        self.powers = powers
    }

    /// Fills `bands` and `sketch`.
    ///
    /// - Parameter text: UTF-8.
    /// - Returns: false for a text without words, which is like no other.
    package func sign(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        gatherShingles(text)
        guard shingleCount > 0 else { return false }
        fillBins()
        writeSignature()
        return true
    }

    /// The shingle that ends with each unit. A word weighs as much as the characters that stand for it, so that one
    /// rule serves both and their mixtures.
    private func gatherShingles(_ text: UnsafeBufferPointer<UInt8>) {
        let capacity = min(text.count + 1, Self.unitsMax)
        if units.count < capacity {
            units = Array(repeating: 0, count: capacity)
            shingles = units
        }
        units.withUnsafeMutableBufferPointer { units in
            shingles.withUnsafeMutableBufferPointer { shingles in
                let unitCount = Self.gather(text, into: units)
                shingleCount = roll(units, unitCount, into: shingles)
            }
        }
    }

    /// The units' hashes; the lowest bit of each says whether it is a character.
    private static func gather(
        _ text: UnsafeBufferPointer<UInt8>, into units: UnsafeMutableBufferPointer<UInt64>
    ) -> Int {
        let most = min(units.count, unitsMax)
        var count = 0
        ComparedUnits.forEach(text) { hash, isCharacter, _ in
            units[count] = hash & ~1 | (isCharacter ? 1 : 0)
            count += 1
            return count < most
        }
        return count
    }

    private func roll(
        _ units: UnsafeMutableBufferPointer<UInt64>, _ count: Int, into shingles: UnsafeMutableBufferPointer<UInt64>
    ) -> Int {
        let wordWeight = settings.charactersInShingle
        let characterWeight = settings.wordsInShingle
        let full = wordWeight * characterWeight
        let seed = Mixing.mix(settings.seed)
        return powers.withUnsafeBufferPointer { powers in
            var (tail, weight, made) = (0, 0, 0)
            var sum: UInt64 = 0
            for head in 0..<count {
                let unit = units[head]
                weight += unit & 1 == 1 ? characterWeight : wordWeight
                sum = sum &* Self.base &+ unit
                while true {
                    let oldest = units[tail]
                    let rest = weight - (oldest & 1 == 1 ? characterWeight : wordWeight)
                    guard rest >= full else { break }
                    sum = sum &- oldest &* powers[head - tail]
                    weight = rest
                    tail += 1
                }
                if weight >= full {
                    shingles[made] = Mixing.mix(sum ^ seed)
                    made += 1
                }
            }
            // A text that is shorter than a shingle is one.
            if made == 0, count > 0 {
                shingles[0] = Mixing.mix(sum ^ seed)
                made = 1
            }
            return made
        }
    }

    /// Rounds of all shingles until no bin is empty. After as many rounds as there are bins, in which chance chooses
    /// the bin, come as many in which every shingle is in the same: then none is left empty.
    private func fillBins() {
        let count = MinHashSettings.bins
        bins.withUnsafeMutableBufferPointer { bins in
            bins.update(repeating: .max)
            shingles.withUnsafeBufferPointer { all in
                let shingles = UnsafeBufferPointer(rebasing: all[..<shingleCount])
                // Most bins get their value here: which one does is anybody's guess, so there is no branch to guess.
                for shingle in shingles {
                    let z = shingle &* Self.factor(0)
                    let bin = Int(z >> 56)
                    bins[bin] = min(bins[bin], z >> 24 & 0xffff_ffff)
                }
                for round in 1..<2 * count {
                    guard bins.contains(.max) else { return }
                    let high = UInt64(round) << 32
                    let factor = Self.factor(round)
                    guard round < count else {
                        let lowest = shingles.reduce(UInt64.max) { min($0, ($1 &* factor) >> 24 & 0xffff_ffff) }
                        bins[round - count] = min(bins[round - count], high | lowest)
                        continue
                    }
                    // Hardly any bin is still empty, or was until this round.
                    for shingle in shingles {
                        let z = shingle &* factor
                        let bin = Int(z >> 56)
                        if bins[bin] >= high { bins[bin] = min(bins[bin], high | z >> 24 & 0xffff_ffff) }
                    }
                }
            }
        }
    }

    /// Shingles are mixed already: the upper bits of a product with an odd number are as good as new.
    @inline(__always)
    private static func factor(_ round: Int) -> UInt64 { Mixing.mix(UInt64(round)) | 1 }

    private func writeSignature() {
        let rows = settings.rows
        bins.withUnsafeBufferPointer { bins in
            bands.withUnsafeMutableBufferPointer { bands in
                for band in bands.indices {
                    var sum = UInt64(band) &* Mixing.increment
                    for row in 0..<rows { sum = Mixing.mix(sum ^ bins[band * rows + row]) }
                    bands[band] = sum
                }
            }
            sketch.withUnsafeMutableBufferPointer { sketch in
                // Minima are low in their upper bits; the lowest are as they come.
                for pair in sketch.indices {
                    sketch[pair] = UInt8(bins[2 * pair] & 15 | (bins[2 * pair + 1] & 15) << 4)
                }
            }
        }
    }

    /// An estimate of the similarity of two texts from their sketches.
    package static func similarity(_ a: [UInt8], _ b: [UInt8]) -> Double {
        precondition(a.count == MinHashSettings.sketchBytes && b.count == a.count, "two sketches")
        let equal = a.withUnsafeBytes { a in b.withUnsafeBytes { matches(a, $0) } }
        let share = Double(equal) / Double(MinHashSettings.bins)
        return max(0, (share - 1.0 / 16) / (1 - 1.0 / 16))
    }

    /// Bins in which two sketches agree.
    static func matches(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        var matches = MinHashSettings.bins
        for place in stride(from: 0, to: MinHashSettings.sketchBytes, by: 8) {
            var differing =
                a.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                ^ b.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            differing |= differing >> 2
            differing |= differing >> 1
            matches -= (differing & 0x1111_1111_1111_1111).nonzeroBitCount
        }
        return matches
    }
}
