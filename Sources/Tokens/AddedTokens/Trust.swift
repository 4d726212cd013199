/// Which added tokens may be read where in a text.
struct Trust: Sendable {
    /// The highest level that is read anywhere.
    var everywhere: AddedToken.Level
    /// Parts of the text in which all levels are read, in order and not touching each other.
    var trusted: [Range<Int>] = []

    /// Whether a token of some level may be read at `range`.
    func allows(_ level: AddedToken.Level, _ range: Range<Int>) -> Bool {
        if level <= everywhere { return true }
        // The last trusted part that starts at or before the token.
        var low = 0
        var high = trusted.count
        while low < high {
            let middle = (low + high) / 2
            if trusted[middle].lowerBound <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low > 0 && range.upperBound <= trusted[low - 1].upperBound
    }

    /// Everything is read.
    static let all = Trust(everywhere: .control)
    /// As Hugging Face and llama.cpp read text without special tokens.
    static let noControl = Trust(everywhere: .structural)
}
