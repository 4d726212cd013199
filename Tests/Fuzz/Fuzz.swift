import Foundation

/// Feeds mutated inputs to what reads hostile input, in this process: a trap ends it, and says at which input.
///
///     fuzz gguf --seed 1 --first 0 --count 1000000
///
/// Every input follows from the seed and its number alone, so `--first N --count 1` repeats one.
@main
struct Fuzz {
    static let inputSecondsMax = 5.0
    static let residentBytesMax = 2 << 30

    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        guard let name = arguments.first, let target = try FuzzTargets.all().first(where: { $0.name == name }) else {
            say("usage: fuzz \(FuzzTargets.names.joined(separator: "|")) [--seed N] [--first N] [--count N]")
            exit(2)
        }
        arguments.removeFirst()
        func number(_ option: String, _ fallback: Int) -> Int {
            guard let place = arguments.firstIndex(of: option), place + 1 < arguments.count else { return fallback }
            return Int(arguments[place + 1]) ?? fallback
        }
        let (seed, first) = (number("--seed", 1), number("--first", 0))
        run(target, seed: UInt64(bitPattern: Int64(seed)), inputs: first..<first + number("--count", 1_000_000))
    }

    static func run(_ target: FuzzTarget, seed: UInt64, inputs: Range<Int>) {
        let watch = Watchdog(secondsMax: inputSecondsMax)
        let began = Date()
        var accepted = 0
        for index in inputs {
            watch.begin(index)
            let mutator = Mutator(seed: seed, index: index, seeds: target.seeds, words: target.words)
            if target.accepts(mutator.input()) { accepted += 1 }
            if index % 10_000 == 9_999 {
                // The number before which a crash did not happen; the next ones are repeated to find it.
                say("\(target.name): \(index + 1) inputs, \(accepted) accepted, \(Memory.residentBytes >> 20) MiB")
                guard Memory.residentBytes < residentBytesMax else {
                    say("\(target.name): more than \(residentBytesMax >> 20) MiB in use at input \(index)")
                    exit(1)
                }
            }
        }
        let seconds = Date().timeIntervalSince(began)
        say(
            "\(target.name): \(inputs.count) inputs in \(Int(seconds)) s, \(accepted) accepted, no crash, "
                + "no input over \(inputSecondsMax) s, peak \(Memory.peakBytes >> 20) MiB (seed \(seed))")
    }

    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
