import Languages
import Testing

@Suite struct LanguageIdentifierTests {
    static let sentences: [(String, WrittenLanguage)] = [
        ("今天的天气非常好，我们一起去公园散步。", .zh), ("今天的天氣非常好，我們一起去公園散步。", .zhHant),
        ("今日は天気がいいので、公園を散歩しましょう。", .ja), ("오늘은 날씨가 좋으니 공원에 산책하러 갑시다.", .ko),
        ("The weather is fine today, so let us walk in the park.", .en),
        ("Das Wetter ist heute schön, gehen wir im Park spazieren.", .de),
        ("Il fait beau aujourd'hui, allons nous promener dans le parc.", .fr),
        ("Hoy hace buen tiempo, vamos a pasear por el parque.", .es),
        ("Сегодня хорошая погода, пойдём гулять в парк.", .ru), ("Сьогодні гарна погода, ходімо гуляти в парк.", .uk),
        ("O tempo está bom hoje, não vamos ficar em casa.", .pt), ("Oggi il tempo è bello, andiamo nel parco.", .it),
        ("الطقس جميل اليوم، فلنذهب إلى الحديقة.", .ar), ("Hôm nay trời đẹp, chúng ta đi dạo công viên nhé.", .vi),
        ("Bugün hava çok güzel, parkta yürüyelim.", .tr), ("วันนี้อากาศดีมาก", .th),
        ("Ο καιρός είναι καλός σήμερα", .el),
        // Mixtures: what most of the text is in.
        ("我在 GitHub 上提了一个 pull request，请你 review 一下。", .zh), ("The word 你好 means hello in Chinese.", .en),
        ("今日は meeting があるから、slide を用意してください。", .ja),
    ]

    @Test(arguments: sentences)
    func tellsTheLanguage(text: String, language: WrittenLanguage) throws {
        let found = try LanguageIdentifier.shipped().identify(text)
        #expect(found.language == language, "\(text): \(found)")
        #expect(found.confidence > 0.3 && found.confidence <= 1)
    }

    @Test(arguments: ["", " ", "12345 … !?", "😀😀", "\u{0}"])
    func knowsNothingWithoutLetters(text: String) throws {
        let found = try LanguageIdentifier.shipped().identify(text)
        #expect(found.language == .unknown && found.confidence == 0)
    }

    @Test func samplesALongText() throws {
        let identifier = try LanguageIdentifier.shipped()
        let long = String(repeating: "今天的天气非常好，我们一起去公园散步。\n", count: 20_000)
        #expect(identifier.identify(long).language == .zh)
        // The middle counts as well as the front.
        let front = String(repeating: "A line of English in front. ", count: 200)
        #expect(identifier.identify(front + long).language == .zh)
    }

    /// Hostile bytes: cut sequences, endless "words", bytes that are no UTF-8 at all.
    @Test func readsNothingBeyondTheEnd() throws {
        let identifier = try LanguageIdentifier.shipped()
        let text = Array("界é😀a".utf8)
        for count in 0...text.count {
            let cut = Array(text[..<count])
            _ = cut.withUnsafeBufferPointer { identifier.identify($0) }
            #expect(cut.withUnsafeBufferPointer { ScriptCounts(of: $0) }.scalars <= count)
        }
        _ = identifier.identify(String(repeating: "a", count: 1 << 20))
        let noise = (0..<1 << 16).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        _ = noise.withUnsafeBufferPointer { identifier.identify($0) }
    }

    @Test func countsScripts() {
        var text = "中文 and かな 한글 12"
        let counts = text.withUTF8 { ScriptCounts(of: $0) }
        #expect(counts[.han] == 2 && counts[.latin] == 3)
        #expect(counts[.kana] == 2 && counts[.hangul] == 2)
        #expect(counts.letters == 9 && counts.scalars == 15)
        #expect(counts.share(of: .han) == 2.0 / 9)
    }
}
