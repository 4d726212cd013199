import ArgumentParser
import Foundation
import JSON
import Tokens

extension TokenizerVerb {
    /// `danlu tokenizer bench`: how fast standard input is encoded, on one thread, in its own processor time.
    struct Bench: AsyncParsableCommand {
        static let repetitionsMax = 1000
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "测量编码速度。", en: "Measure the speed of encoding."),
            discussion: "  danlu tokenizer bench --model qwen2.5-coder-1.5b-instruct --json < text")

        @OptionGroup var options: ModelOptions
        @Option(help: .init(Language.text(zh: "重复次数。", en: "Repetitions."))) var repetitions = 5
        @Flag(help: .init(Language.text(zh: "逐行编码。", en: "Encode line by line."))) var lines = false
        @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

        func validate() throws {
            guard (1...Self.repetitionsMax).contains(repetitions) else {
                throw ValidationError("--repetitions: 1…\(Self.repetitionsMax)")
            }
        }

        func run() async throws {
            let tokenizer = try TokenizerVerb.tokenizer(options.model)
            let input = String(
                decoding: try Terminal.readAll(bytesMax: TokenizerVerb.inputBytesMax), as: UTF8.self)
            let texts = lines ? input.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) } : [input]
            var tokens = 0
            var rates: [Double] = []
            for _ in 0..<repetitions {
                let start = Self.threadSeconds()
                tokens = texts.reduce(0) { $0 + tokenizer.encode($1, special: false).count }
                rates.append(Double(input.utf8.count) / 1e6 / max(Self.threadSeconds() - start, 1e-9))
            }
            rates.sort()
            let median = rates[rates.count / 2]
            if json {
                let speed: JSONValue = [
                    "median": .double(median), "min": .double(rates[0]), "max": .double(rates[rates.count - 1]),
                ]
                Terminal.output(JSONValue.object(["tokens": .int(tokens), "megabytes_per_second": speed]).serialized())
            } else {
                Terminal.output("\(tokens) tokens, \(median.formatted(.number.precision(.fractionLength(1)))) MB/s")
            }
        }

        private static func threadSeconds() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
    }
}
