/// Tells the language of a text: first by the scripts of its letters, then within a script by n-grams.
///
///     let identifier = try LanguageIdentifier.shipped()
///     let (language, confidence) = identifier.identify(utf8)
///
/// The script with most text decides, an ideograph counting for three letters: Chinese with English words in it is
/// Chinese, English with a Chinese name is English. The confidence is the probability that the n-grams give times that
/// script's share. Texts over `sampleBytesMax` are judged by samples spread over them.
package final class LanguageIdentifier: Sendable {
    private let model: LanguageModel

    /// Bytes of a long text that are looked at.
    package static let sampleBytesMax = 16 << 10
    private static let samples = 8
    private static let loaded: Result<LanguageIdentifier, LanguagesError> = Result { () throws(LanguagesError) in
        LanguageIdentifier(try LanguageModel(try CompressedResource.inflated("languages.bin")))
    }

    /// The identifier with the shipped model; read on the first call.
    package static func shipped() throws(LanguagesError) -> LanguageIdentifier { try loaded.get() }

    init(_ model: LanguageModel) { self.model = model }

    /// - Parameter utf8: valid UTF-8 of any length.
    /// - Returns: the language and a confidence of 0…1; `unknown` and 0 where there are no letters.
    package func identify(_ utf8: UnsafeBufferPointer<UInt8>) -> (language: WrittenLanguage, confidence: Float) {
        guard let bytes = utf8.baseAddress else { return (.unknown, 0) }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: LanguageScan.memoryCount(model)) { memory in
            guard let base = memory.baseAddress else { return (.unknown, 0) }
            memory.initialize(repeating: 0)
            let scan = LanguageScan(model: model, memory: base)
            if utf8.count <= Self.sampleBytesMax {
                scan.add(bytes, from: 0, to: utf8.count)
            } else {
                let piece = Self.sampleBytesMax / Self.samples
                for number in 0..<Self.samples {
                    let place = (utf8.count - piece) / (Self.samples - 1) * number
                    let start = UTF8Scalar.start(bytes, atOrAfter: place, end: utf8.count)
                    scan.add(bytes, from: start, to: min(place + piece, utf8.count))
                }
            }
            return scan.result()
        }
    }

    /// The same for a string.
    package func identify(_ text: String) -> (language: WrittenLanguage, confidence: Float) {
        var text = text
        return text.withUTF8 { identify($0) }
    }
}
