import Foundation
import Washing

/// How much texts have to do with a question, compared with each other: BM25 (Robertson and Zaragoza, 2009).
///
///     let scores = Relevance(query: question).scores(of: texts)      // one a text, higher is more
///
/// Terms are words and pairs of Han characters, without case and width.
struct Relevance {
    private static let saturation = 1.2
    private static let lengthShare = 0.75

    private let query: Set<UInt64>

    init(query: String) { self.query = Set(Self.terms(query)) }

    func scores(of texts: [String]) -> [Double] {
        let documents = texts.map { text -> (counts: [UInt64: Int], length: Int) in
            let terms = Self.terms(text)
            var counts: [UInt64: Int] = [:]
            for term in terms where query.contains(term) { counts[term, default: 0] += 1 }
            return (counts, terms.count)
        }
        var having: [UInt64: Int] = [:]
        for document in documents { for term in document.counts.keys { having[term, default: 0] += 1 } }
        let all = Double(texts.count)
        let mean = Double(max(1, documents.reduce(0) { $0 + $1.length })) / max(1, all)
        return documents.map { document in
            let norm = Self.saturation * (1 - Self.lengthShare + Self.lengthShare * Double(document.length) / mean)
            // In a fixed order: sums of the same numbers differ in their last bits otherwise.
            return document.counts.sorted { $0.key < $1.key }.reduce(0) { sum, term in
                let (count, rest) = (Double(term.value), Double(having[term.key] ?? 0))
                let weight = log(1 + (all - rest + 0.5) / (rest + 0.5))
                return sum + weight * count * (Self.saturation + 1) / (count + norm)
            }
        }
    }

    private static func terms(_ text: String) -> [UInt64] {
        var (text, terms) = (text, [UInt64]())
        // The character before, where there is one.
        var before: UInt64?
        text.withUTF8 { bytes in
            ComparedUnits.forEach(bytes) { hash, isCharacter, _ in
                if !isCharacter { terms.append(hash) } else if let before { terms.append(before &* 31 ^ hash) }
                before = isCharacter ? hash : nil
                return true
            }
        }
        return terms
    }
}
