import Foundation

/// What a habit looks like in a text.
///
///     try HabitPattern("。。。")                            // these characters
///     try HabitPattern(#"/([。！？])\1\1/"#)               // between slashes: a regular expression
package struct HabitPattern: Sendable {
    private enum Form {
        case literal([UInt8])
        case expression(NSRegularExpression)
    }

    package let text: String
    private let form: Form

    /// - Throws: `ProvenanceError.pattern` for an empty one, and for an expression that is none.
    package init(_ text: String) throws(ProvenanceError) {
        self.text = text
        guard text.count > 2, text.hasPrefix("/"), text.hasSuffix("/") else {
            guard !text.isEmpty else { throw .pattern(text: text, reason: "it is empty") }
            form = .literal(Array(text.utf8))
            return
        }
        do {
            form = .expression(try NSRegularExpression(pattern: String(text.dropFirst().dropLast())))
        } catch {
            throw .pattern(text: text, reason: "what is between the slashes is no regular expression")
        }
    }

    /// Occurrences that do not overlap.
    package func count(in text: String) -> Int {
        switch form {
        case .expression(let expression):
            // What matches nothing is no occurrence.
            var count = 0
            expression.enumerateMatches(in: text, range: NSRange(location: 0, length: text.utf16.count)) {
                match, _, _ in
                if let match, match.range.length > 0 { count += 1 }
            }
            return count
        case .literal(let pattern):
            var text = text
            return text.withUTF8 { Self.count(pattern, in: $0) }
        }
    }

    /// The first occurrence with what is around it, on one line.
    package func excerpt(of text: String, context: Int = 40) -> String? {
        let range: Range<String.Index>?
        switch form {
        case .expression(let expression):
            let all = NSRange(location: 0, length: text.utf16.count)
            range = expression.firstMatch(in: text, range: all).flatMap { Range($0.range, in: text) }
        case .literal(let pattern): range = text.range(of: String(decoding: pattern, as: UTF8.self), options: .literal)
        }
        guard let range else { return nil }
        let start = text.index(range.lowerBound, offsetBy: -context, limitedBy: text.startIndex) ?? text.startIndex
        let end = text.index(range.upperBound, offsetBy: context, limitedBy: text.endIndex) ?? text.endIndex
        return text[start..<end].split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func count(_ pattern: [UInt8], in text: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = text.baseAddress else { return 0 }
        var count = 0
        var place = 0
        while place + pattern.count <= text.count,
            let first = memchr(base + place, Int32(pattern[0]), text.count - place - pattern.count + 1)
        {
            let found = UnsafeRawPointer(base).distance(to: first)
            let isHere = memcmp(first, pattern, pattern.count) == 0
            count += isHere ? 1 : 0
            place = found + (isHere ? pattern.count : 1)
        }
        return count
    }
}
