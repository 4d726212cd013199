import Foundation
import JSON
import Kernels
import Model
import Training

/// Times training steps on random tokens, for `Benchmarks/training.py` and `Benchmarks/tuning.py`.
///
///     training-speed 10m|25m [--precision fp32|bf16] [--recompute none|feedForward|all] [--optimizer adamw|muon]
///                    [--rows N] [--sequence N] [--threads N] [--steps N]
///     training-speed lora|sft --model FILE [--rank N] [--targets q_proj,…] [--taught SHARE] [--panel-megabytes N] …
///
/// A step is gradients set to zero, forward, backward, clipping, optimiser. Without --steps it is led from standard
/// input: each line is a number of steps, answered by one line of JSON with the seconds of each and of the processor.
@main
struct TrainingSpeed {
    static func main() throws {
        let options = Options(CommandLine.arguments.dropFirst())
        var trainer = try Trainer(options)
        write(trainer.description)
        if let steps = options["steps"].flatMap(Int.init) {
            write(trainer.run(steps: steps))
            return
        }
        while let line = readLine(), let steps = Int(line) { write(trainer.run(steps: steps)) }
    }

    static func write(_ value: JSONValue) {
        FileHandle.standardOutput.write(Data((value.serialized() + "\n").utf8))
    }
}

/// Words after names that begin with two dashes.
struct Options {
    let shape: String
    private var values: [String: String] = [:]

    init(_ arguments: some Sequence<String>) {
        var (shape, name): (String, String?) = ("10m", nil)
        for word in arguments {
            if let pending = name {
                values[pending] = word
                name = nil
            } else if word.hasPrefix("--") {
                name = String(word.dropFirst(2))
            } else {
                shape = word
            }
        }
        self.shape = shape
    }

    subscript(name: String) -> String? { values[name] }

    func int(_ name: String, default value: Int) -> Int { values[name].flatMap(Int.init) ?? value }
}
