import Foundation

/// Numbers in answers, as lm-evaluation-harness takes them from answers to GSM8K ("flexible-extract").
package enum Numbers {
    /// The last number of a text, in plain form; nil where it has none.
    package static func last(in text: String) -> String? {
        text.matches(of: /-?[$0-9.,]{2,}|-?[0-9]+/).lazy.map { String($0.output) }
            .filter { $0.contains(where: \.isASCIIDigit) }.last.map(plain)
    }

    /// Without dollar signs, commas and a last full stop.
    static func plain(_ number: String) -> String {
        var number = number.trimmingCharacters(in: .whitespaces)
        number.removeAll { $0 == "," || $0 == "$" }
        if number.hasSuffix(".") { number.removeLast() }
        return number
    }
}

extension Character {
    var isASCIIDigit: Bool { isASCII && isNumber }
}
