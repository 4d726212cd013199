extension TextScan {
    /// Counts of a text, or of some of its lines.
    package struct Counts {
        package var scalars = 0
        package var words = 0
        package var letters = 0
        package var digits = 0
        package var han = 0
        package var kana = 0
        package var hangul = 0
        package var marks = 0
        package var emoji = 0
        package var spaces = 0
        /// Scalars in words, and words that have a letter or Han character.
        package var wordScalars = 0
        package var letteredWords = 0
        /// `…` and runs of three or more full stops.
        package var ellipses = 0
        /// `#`, but for those that begin a line: headings.
        package var hashSigns = 0
        package var braces = 0
        /// Marks that end a sentence, a run of them once.
        package var sentences = 0
        /// Different English function words of Gopher's list; of the whole text only.
        package var functionWords = 0

        /// Share of letters of all scripts that are Han.
        package var hanShare: Double {
            let letters = letters + han + kana + hangul
            return letters > 0 ? Double(han) / Double(letters) : 0
        }

        /// Counts of the rest, where the others are those of a part.
        func without(_ part: Counts) -> Counts {
            var rest = self
            rest.scalars -= part.scalars
            rest.words -= part.words
            rest.letters -= part.letters
            rest.digits -= part.digits
            rest.han -= part.han
            rest.kana -= part.kana
            rest.hangul -= part.hangul
            rest.marks -= part.marks
            rest.emoji -= part.emoji
            rest.spaces -= part.spaces
            rest.wordScalars -= part.wordScalars
            rest.letteredWords -= part.letteredWords
            rest.ellipses -= part.ellipses
            rest.hashSigns -= part.hashSigns
            rest.braces -= part.braces
            rest.sentences -= part.sentences
            return rest
        }
    }
}
