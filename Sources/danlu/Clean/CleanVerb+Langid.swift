import ArgumentParser
import Languages

extension CleanVerb {
    /// `danlu clean langid`: the language of each line.
    struct Langid: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(
                zh: "判别每行的语种：读一行，写一行。", en: "Tell the language of each line: a line in, a line out."),
            discussion: Language.text(
                zh: """
                    输出：语种代码（BCP 47；und 为未知）、制表符、可信度 0…1。
                    例：
                      printf '你好，世界\\n' | danlu clean langid     zh	1.00
                    """,
                en: """
                    Written: the code (BCP 47; und where unknown), a tab, the confidence 0…1.
                    Example:
                      printf 'Good morning\\n' | danlu clean langid   en	0.99
                    """))

        @Flag(help: .init(Language.text(zh: "只写语种代码。", en: "Write the code alone."))) var code = false

        func run() async throws {
            let identifier = try LanguageIdentifier.shipped()
            try LineFilter.run { lines, output in
                LineFilter.forEachLine(lines) { line in
                    let (language, confidence) = identifier.identify(line)
                    output += language.code.utf8
                    if !code {
                        let hundredths = Int((confidence * 100).rounded())
                        output.append(0x09)
                        output += (hundredths < 100 ? "0.\(hundredths < 10 ? "0" : "")\(hundredths)" : "1.00").utf8
                    }
                    output.append(0x0A)
                }
            }
        }
    }
}
