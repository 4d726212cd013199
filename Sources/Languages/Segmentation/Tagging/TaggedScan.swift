/// One text's pass with a tagger: runs between white space, each cut by the dictionary first, then as the tagger says.
struct TaggedScan {
    private let tagger: SegmentationTagger
    private var base: SegmentationScan
    private var signs: [UInt32] = []
    /// Where each sign starts in the text; one more at the end.
    private var places: [Int] = []
    private var path: [UInt8] = []
    private var features = TaggerFeatures()
    private var before: [UInt8] = []
    private var tags: [UInt8] = []

    private static let runSignsMax = 1 << 12

    init(_ model: SegmentationModel, _ tagger: SegmentationTagger) {
        self.tagger = tagger
        base = SegmentationScan(model)
    }

    mutating func run(_ bytes: UnsafePointer<UInt8>, count: Int, _ body: (Range<Int>) -> Void) {
        var place = 0
        while place < count {
            let start = place
            let scalar = UTF8Scalar.next(bytes, &place, end: count)
            if Self.isSpace(scalar) {
                if scalar == 0x0D, place < count, bytes[place] == 0x0A { place += 1 }
                body(start..<place)
                continue
            }
            place = start
            read(bytes, &place, count)
            findPath(bytes)
            features.reset(signs, tags: path)
            tagger.tag(features, count: signs.count, before: &before, into: &tags)
            emit(body)
        }
    }

    /// Reads a run and its dictionary's path: what the trainer needs too.
    mutating func path(of bytes: UnsafePointer<UInt8>, count: Int) -> (signs: [UInt32], tags: [UInt8]) {
        var place = 0
        read(bytes, &place, count)
        findPath(bytes)
        return (signs, path)
    }

    static func isSpace(_ scalar: UInt32) -> Bool { scalar <= 0x20 || scalar == 0xA0 || scalar == 0x3000 }

    private mutating func read(_ bytes: UnsafePointer<UInt8>, _ place: inout Int, _ end: Int) {
        signs.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        while place < end, signs.count < Self.runSignsMax {
            let start = place
            let scalar = UTF8Scalar.next(bytes, &place, end: end)
            guard !Self.isSpace(scalar) else {
                place = start
                break
            }
            signs.append(scalar)
            places.append(start)
        }
        places.append(place)
    }

    private mutating func findPath(_ bytes: UnsafePointer<UInt8>) {
        path.removeAll(keepingCapacity: true)
        let start = places[0]
        var (path, next) = ([UInt8](), 0)
        swap(&path, &self.path)
        base.run(bytes + start, count: places[signs.count] - start) { word in
            let first = next
            while next < signs.count, places[next] - start < word.upperBound { next += 1 }
            for sign in first..<next { path.append(UInt8(SegmentationTag.of(sign - first, in: next - first).rawValue)) }
        }
        swap(&path, &self.path)
    }

    private func emit(_ body: (Range<Int>) -> Void) {
        var start = 0
        for place in signs.indices {
            let isEnd = tags[place] >= SegmentationTag.end.rawValue
            guard place == signs.count - 1 || isEnd && !isWithinLetters(place) else { continue }
            body(places[start]..<places[place + 1])
            start = place + 1
        }
    }

    /// ASCII words and numbers that the dictionary's path keeps whole stay so.
    private func isWithinLetters(_ place: Int) -> Bool {
        path[place] < SegmentationTag.end.rawValue && Self.isLetter(signs[place]) && Self.isLetter(signs[place + 1])
    }

    private static func isLetter(_ sign: UInt32) -> Bool {
        (0x30...0x39).contains(sign) || (0x41...0x5A).contains(sign) || (0x61...0x7A).contains(sign)
    }
}
