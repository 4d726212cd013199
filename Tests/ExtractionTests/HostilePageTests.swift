import Extraction
import Testing

/// Pages that are made to break a reader: each must give text or say why not, soon, without a trap.
@Suite struct HostilePageTests {
    static func survives(_ bytes: [UInt8], _ comment: String = "") throws {
        let started = ContinuousClock.now
        do {
            let page = try HTMLExtraction.mainText(bytes)
            #expect(String(validating: page.bytes, as: UTF8.self) != nil)
        } catch ExtractionError.noText {}
        #expect(ContinuousClock.now - started < .seconds(60), "\(comment)")
    }

    @Test(arguments: [
        "<div>", "<b>", "<table>", "<ul><li>", "<p>", "</p>", "<a href=x>", "<blockquote>", "<table><tr><td>", "<form>",
        "<svg>", "<template>", "<math><mi>", "<dl><dd>", "<select><option>", "<frameset>", "<pre>", "</br>", "<h1>",
        "<b><i><u><font a=%><p>", "<!--", "<![CDATA[", "<?", "<!", "</", "<a b='", "&#xF8F0;", "&", "<li>", "<title>",
        "<table><caption>", "<div><a href=x>y</a></div>",
    ])
    func repetition(unit: String) throws {
        let html = String(repeating: unit, count: 30_000) + "<p>Some words at the end, with a full stop."
        try Self.survives(Array(html.utf8), unit)
    }

    @Test func deepPagesKeepTheirText() throws {
        let html =
            String(repeating: "<div>", count: 100_000) + "<p>Words at the bottom, a good many of them, and a stop."
        #expect(try MainTextTests.page(html).text.contains("Words at the bottom"))
    }

    @Test func longPagesAreRead() throws {
        let html = String(repeating: "<p>Words of a long page, a good many of them, and a stop.</p>", count: 50_000)
        #expect(try MainTextTests.page(html).text.utf8.count > 2_500_000)
    }

    /// Marks of the sieve that the page writes itself mean nothing.
    @Test func forgedMarksDoNothing() throws {
        let forged = [
            "\u{F8F0}", "\u{F8F1}", "\u{F8F2}", "\u{F8F3}", "\u{F8F0}AAAA", "&#xF8F0;AAAA", "&#xF8F0;`A`A", "&#xF8F0;",
        ]
        for mark in forged {
            let html = "<p>\(mark)Some words and more of them, sixteen at least.\(mark)</p>"
            try Self.survives(Array(html.utf8), mark)
        }
    }

    @Test func anyCutOfAPageIsSurvived() throws {
        let html = Array(MainTextTests.article(MainTextTests.chinese).utf8)
        for count in 0..<html.count { try Self.survives(Array(html.prefix(count)), "\(count)") }
    }

    /// Broken in many places at random; the seed names the case.
    @Test func brokenPagesAreSurvived() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "<", ">", "</", "<div ", "<table>", "<td>", "<p>", "\"", "'", "=", "&", "\0", "<pre>", "</table>",
            "\u{F8F0}",
        ]
        let page = Array(MainTextTests.article(MainTextTests.sentences + MainTextTests.chinese).utf8)
        for _ in 0..<1500 {
            var bytes = page
            for _ in 0..<(1 + random(12)) {
                let place = random(bytes.count)
                switch random(4) {
                case 0: bytes[place] = UInt8(random(256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + random(40)))
                case 2: bytes.insert(contentsOf: Array(pieces[random(pieces.count)].utf8), at: place)
                default:
                    let copy = Array(bytes[place..<min(bytes.count, place + random(200))])
                    bytes.insert(contentsOf: copy, at: random(bytes.count))
                }
            }
            try Self.survives(bytes, "seed \(seed)")
        }
    }
}
