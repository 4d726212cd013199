/// The split patterns of the DeepSeek vocabularies, fixed parts of those models.
extension PreTokenizer {
    /// `[一-龥ࠀ-一가-퟿]`: Han, and most scripts between U+0800 and U+4E00.
    static let eastern = ScalarSet(ranges: "\u{4E00}-\u{9FA5}\u{800}-\u{4E00}\u{AC00}-\u{D7FF}")

    static let deepSeekLLM = PreTokenizer(steps: [
        .runs(RunPattern(set: ScalarSet(ranges: "\r\n"), scalarsMax: 1)),
        .runs(RunPattern(set: ScalarSet(ranges: casedLetters), prefix: .anySpace)),
        .runs(RunPattern(set: ScalarSet(ranges: "!-/:-~！-／：-～‘-‟\u{3000}-。"), prefix: .anySpace)),
        .trailingSpace,
        .runs(RunPattern(set: eastern)),
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number))),
    ])

    static let deepSeekCoder = PreTokenizer(steps: [
        .runs(RunPattern(set: ScalarSet(ranges: "\r\n"), scalarsMax: 1)),
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.letter), prefix: .anySpace)),
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.punctuation), prefix: .anySpace)),
        .runs(RunPattern(set: eastern)),
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number), scalarsMax: 1)),
    ])

    static let deepSeek3 = PreTokenizer(steps: [
        .runs(RunPattern(set: ScalarSet(classes: ScalarClasses.number), scalarsMax: 3)),
        .runs(RunPattern(set: ScalarSet(ranges: "\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}"))),
        .deepSeek3(DeepSeek3Pattern()),
    ])

    /// Letters with case as DeepSeek LLM's pattern lists them.
    static let casedLetters = """
        A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽ\
        ᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-\
        Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-\
        ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃\

        """
}
