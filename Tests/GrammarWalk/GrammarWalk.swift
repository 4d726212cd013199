import Assistant
import Foundation
import Grammar
import JSON
import Tokens

/// Walks at random through what grammars allow, with a model's own vocabulary, for `script/test-grammar`.
///
///     grammar-walk MODEL < cases.jsonl > results.jsonl
///
/// A case is `{"schema": …}` (or `gbnf`, `regex`) with `instances`, texts of which it is told whether they fit, and the
/// number of `walks`. Every choice follows from the seed that is the case's line number. Times are each mask's, of the
/// processor.
@main
struct GrammarWalk {
    static func main() throws {
        guard let path = CommandLine.arguments.dropFirst().first else {
            FileHandle.standardError.write(Data("usage: grammar-walk MODEL < cases\n".utf8))
            exit(2)
        }
        let model = try TextModel(path: path)
        let tokens = (0..<Int32(model.tokenizer.vocabularySize)).map { model.tokenizer.bytes(of: $0) }
        let started = ContinuousClock.now
        let trie = TokenTrie(tokens: tokens, endTokens: model.stopTokens)
        write(["tokens": .int(tokens.count), "trieSeconds": .double((ContinuousClock.now - started) / .seconds(1))])
        var number = 0
        while let line = readLine() {
            write(try result(JSONValue(parsing: line), trie, Walker.ends(in: tokens), seed: UInt64(number)))
            number += 1
        }
    }

    static func result(_ item: JSONValue, _ trie: TokenTrie, _ ends: [Int32], seed: UInt64) throws -> JSONValue {
        let clock = ContinuousClock()
        let grammar: Grammar
        let began = clock.now
        do {
            if let schema = item["schema"] {
                grammar = try Grammar(jsonSchema: schema)
            } else if let text = item["gbnf"]?.string {
                grammar = try Grammar(gbnf: text)
            } else {
                grammar = try Grammar(regex: item["regex"]?.string ?? "")
            }
        } catch {
            return ["error": .string("\(error)")]
        }
        let compileSeconds = (clock.now - began) / .seconds(1)
        let masks = TokenMasks(grammar, trie)
        var walker = Walker(masks: masks, ends: ends, seed: seed)
        var texts: [JSONValue] = []
        for _ in 0..<(item["walks"]?.int ?? 0) { texts.append(walker.walk()) }
        let fits = (item["instances"]?.array ?? []).map { JSONValue.bool(grammar.matches($0.string ?? "")) }
        return [
            "walks": .array(texts), "fits": .array(fits), "compileSeconds": .double(compileSeconds),
            "states": .int(grammar.stateCount), "microseconds": .array(walker.microseconds.map(JSONValue.double)),
        ]
    }

    static func write(_ value: JSONValue) {
        FileHandle.standardOutput.write(Data((value.serialized() + "\n").utf8))
    }
}

/// Chooses tokens at random, and after a while those that bring a text to its end.
struct Walker {
    private let masks: TokenMasks
    /// A quote, then closing brackets.
    private let ends: [Int32]
    private var random: UInt64
    private(set) var microseconds: [Double] = []
    private static let freeTokens = 40
    private static let tokensMax = 1000

    init(masks: TokenMasks, ends: [Int32], seed: UInt64) {
        self.masks = masks
        self.ends = ends
        random = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    static func ends(in tokens: [[UInt8]]) -> [Int32] {
        ["\"", "}", "]"].compactMap { text in tokens.firstIndex(of: Array(text.utf8)).map(Int32.init) }
    }

    /// The text; null when it came to no end in time, false when nothing could follow or it is no UTF-8.
    mutating func walk() -> JSONValue {
        var state = masks.start()
        var bytes: [UInt8] = []
        for step in 0..<Self.tokensMax {
            let began = Self.processorMicroseconds
            let words = state.allowed()
            microseconds.append(Self.processorMicroseconds - began)
            let isEnding = step >= Self.freeTokens
            if state.isComplete, isEnding || next() % 4 == 0 { return Self.text(bytes) }
            guard let token = choose(words, isEnding: isEnding || next() % 4 == 0) else {
                return state.isComplete ? Self.text(bytes) : false
            }
            bytes += masks.trie.spellings[Int(token)]
            guard state.accept(token) else { return false }
        }
        return .null
    }

    /// Of this thread: what else runs on the machine makes no difference.
    private static var processorMicroseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    private static func text(_ bytes: [UInt8]) -> JSONValue {
        String(validating: bytes, as: UTF8.self).map(JSONValue.string) ?? false
    }

    private mutating func choose(_ words: [UInt64], isEnding: Bool) -> Int32? {
        func allows(_ token: Int32) -> Bool { words[Int(token) / 64] >> UInt64(token % 64) & 1 == 1 }
        if isEnding, let end = ends.first(where: allows) { return end }
        var words = words
        for end in masks.trie.endTokens { words[Int(end) / 64] &= ~(1 << UInt64(end % 64)) }
        let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
        guard count > 0 else { return nil }
        var left = Int(next() % UInt64(count))
        for (place, word) in words.enumerated() {
            var rest = word
            if left >= rest.nonzeroBitCount {
                left -= rest.nonzeroBitCount
                continue
            }
            for _ in 0..<left { rest &= rest - 1 }
            return Int32(place * 64 + rest.trailingZeroBitCount)
        }
        return nil
    }

    private mutating func next() -> UInt64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return random
    }
}
