/// One text's pass: blocks of signs that words may have, each cut by the best path through the dictionary.
struct SegmentationScan {
    private let model: SegmentationModel
    /// The block's scalars, and where each starts in the text; one more place at the end.
    private var signs: [UInt16] = []
    private var places: [Int] = []
    /// The best path: its score from each sign on, and where that sign's word ends.
    private var scores: [Double] = []
    private var ends: [Int32] = []
    private var scratch: [UInt8] = []

    /// A longer block is cut; real ones end at the next mark.
    private static let blockSignsMax = 1 << 14
    /// Kinds of scalars under 128, and of the others.
    enum Kind: UInt8 { case mark, sign, ideograph }
    private static let asciiKinds: [Kind] = (0..<128).map { value in
        switch UInt8(value) {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: .sign
        case UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "%"), UInt8(ascii: "-"):
            .sign
        default: .mark
        }
    }

    init(_ model: SegmentationModel) { self.model = model }

    mutating func run(_ bytes: UnsafePointer<UInt8>, count: Int, _ body: (Range<Int>) -> Void) {
        var place = 0
        while place < count {
            let start = place
            let scalar = UTF8Scalar.next(bytes, &place, end: count)
            if Self.kind(scalar) == .mark {
                // A Windows line end is one.
                if scalar == 0x0D, place < count, bytes[place] == 0x0A { place += 1 }
                body(start..<place)
                continue
            }
            place = start
            readBlock(bytes, &place, count)
            findPath()
            emit(body)
        }
    }

    @inline(__always)
    private static func kind(_ scalar: UInt32) -> Kind {
        if scalar < 128 { return asciiKinds[Int(scalar)] }
        return (0x4E00...0x9FD5).contains(scalar) ? .ideograph : .mark
    }

    private mutating func readBlock(_ bytes: UnsafePointer<UInt8>, _ place: inout Int, _ end: Int) {
        signs.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        while place < end, signs.count < Self.blockSignsMax {
            let start = place
            let scalar = UTF8Scalar.next(bytes, &place, end: end)
            guard Self.kind(scalar) != .mark else {
                place = start
                break
            }
            signs.append(UInt16(truncatingIfNeeded: scalar))
            places.append(start)
        }
        places.append(place)
    }

    /// From the block's end to its front: the best word that starts at each sign.
    private mutating func findPath() {
        let count = signs.count
        if scores.count <= count {
            scores = [Double](repeating: 0, count: count * 2 + 1)
            ends = [Int32](repeating: 0, count: count * 2 + 1)
        }
        scores[count] = 0
        let unknown = model.dictionary.unknownScore
        model.dictionary.cells.withUnsafeBufferPointer { cells in
            model.dictionary.codes.withUnsafeBufferPointer { codes in
                signs.withUnsafeBufferPointer { signs in
                    scores.withUnsafeMutableBufferPointer { scores in
                        var start = count - 1
                        while start >= 0 {
                            var best = -Double.infinity
                            var bestEnd = start + 1
                            var node = 0
                            var place = start
                            while place < count {
                                let code = codes[Int(signs[place])]
                                guard code != 0 else { break }
                                let cell = Int(cells[node].base) + Int(code)
                                guard Int(cells[cell].check) == node else { break }
                                node = cell
                                place += 1
                                // NaN compares false: no word ends here. The longer of equals wins.
                                let score = cells[cell].score + scores[place]
                                if score >= best { (best, bestEnd) = (score, place) }
                            }
                            scores[start] = best == -.infinity ? unknown + scores[start + 1] : best
                            ends[start] = Int32(bestEnd)
                            start -= 1
                        }
                    }
                }
            }
        }
    }

    /// Words of the path; runs of single signs are looked at again.
    private mutating func emit(_ body: (Range<Int>) -> Void) {
        var place = 0
        var singles = 0
        while place < signs.count {
            let end = Int(ends[place])
            if end == place + 1 {
                singles += 1
            } else {
                emitSingles(place - singles..<place, body)
                singles = 0
                body(places[place]..<places[end])
            }
            place = end
        }
        emitSingles(place - singles..<place, body)
    }

    private mutating func emitSingles(_ run: Range<Int>, _ body: (Range<Int>) -> Void) {
        guard run.count > 1, !isWord(run) else {
            for place in run { body(places[place]..<places[place + 1]) }
            return
        }
        var place = run.lowerBound
        while place < run.upperBound {
            let start = place
            if signs[place] >= 128 {
                while place < run.upperBound, signs[place] >= 128 { place += 1 }
                emitUnknown(start..<place, body)
            } else {
                while place < run.upperBound, signs[place] < 128 { place += 1 }
                emitLetters(start..<place, body)
            }
        }
    }

    private mutating func emitUnknown(_ run: Range<Int>, _ body: (Range<Int>) -> Void) {
        signs[run].withUnsafeBufferPointer { signs in
            model.markov.forEachWord(signs, scratch: &scratch) { word in
                body(places[run.lowerBound + word.lowerBound]..<places[run.lowerBound + word.upperBound])
            }
        }
    }

    /// Letters and digits, with a decimal part and a per cent sign; what is between stays together.
    private func emitLetters(_ run: Range<Int>, _ body: (Range<Int>) -> Void) {
        var place = run.lowerBound
        var start = place
        while place < run.upperBound {
            guard Self.isAlphanumeric(signs[place]) else {
                place += 1
                continue
            }
            if start < place { body(places[start]..<places[place]) }
            start = place
            while place < run.upperBound, Self.isAlphanumeric(signs[place]) { place += 1 }
            if place + 1 < run.upperBound, signs[place] == 0x2E, Self.isDigit(signs[place + 1]) {
                place += 1
                while place < run.upperBound, Self.isDigit(signs[place]) { place += 1 }
            }
            if place < run.upperBound, signs[place] == 0x25 { place += 1 }
            body(places[start]..<places[place])
            start = place
        }
        if start < run.upperBound { body(places[start]..<places[run.upperBound]) }
    }

    private func isWord(_ run: Range<Int>) -> Bool {
        let dictionary = model.dictionary
        var node = 0
        for place in run {
            let code = dictionary.codes[Int(signs[place])]
            let cell = Int(dictionary.cells[node].base) + Int(code)
            guard code != 0, Int(dictionary.cells[cell].check) == node else { return false }
            node = cell
        }
        return !dictionary.cells[node].score.isNaN
    }

    private static func isDigit(_ sign: UInt16) -> Bool { (0x30...0x39).contains(sign) }

    private static func isAlphanumeric(_ sign: UInt16) -> Bool {
        isDigit(sign) || (0x41...0x5A).contains(sign) || (0x61...0x7A).contains(sign)
    }
}
