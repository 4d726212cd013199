import Assistant
import Inference
import JSON

/// How answers are sampled in a chat; each has a name for `/set` and the command line.
package struct ChatSettings: Sendable, Equatable {
    package var temperature = 0.7
    package var topP = 0.95
    package var topK = 0
    package var minP = 0.05
    package var repetitionPenalty = 1.0
    package var seed: Int?
    package var tokensMax: Int?
    /// Whether a reasoning model thinks first; nil leaves it to the model's template.
    package var thinks: Bool?

    package init() {}

    /// Why a setting was refused.
    package struct Refusal: Error, Equatable, CustomStringConvertible {
        package var description: String
    }

    package static let names = [
        "temperature", "top-p", "top-k", "min-p", "repetition-penalty", "seed", "max-tokens", "think",
    ]

    package mutating func set(_ name: String, to text: String) throws(Refusal) {
        switch name {
        case "temperature": temperature = try number(name, text, 0...2)
        case "top-p": topP = try number(name, text, 0...1)
        case "min-p": minP = try number(name, text, 0...1)
        case "repetition-penalty": repetitionPenalty = try number(name, text, 0.01...100)
        case "top-k": topK = try whole(name, text, 0...1_000_000) ?? 0
        case "seed": seed = try whole(name, text, 0...Int.max)
        case "max-tokens": tokensMax = try whole(name, text, 1...Int(Int32.max))
        case "think": thinks = try choice(name, text)
        default:
            let known = Self.names.joined(separator: ", ")
            throw Refusal(
                description: Language.text(
                    zh: "没有设置 \(name)；有：\(known)", en: "there is no setting \(name); there are: \(known)"))
        }
    }

    package func value(of name: String) -> String {
        switch name {
        case "temperature": "\(temperature)"
        case "top-p": "\(topP)"
        case "top-k": "\(topK)"
        case "min-p": "\(minP)"
        case "repetition-penalty": "\(repetitionPenalty)"
        case "seed": seed.map(String.init) ?? "none"
        case "max-tokens": tokensMax.map(String.init) ?? "none"
        case "think": thinks.map { $0 ? "on" : "off" } ?? "none"
        default: ""
        }
    }

    package var sampling: SamplingParameters {
        var sampling = SamplingParameters()
        sampling.temperature = Float(temperature)
        sampling.topP = Float(topP)
        sampling.topK = topK
        sampling.minP = Float(minP)
        sampling.repetitionPenalty = Float(repetitionPenalty)
        sampling.seed = seed.map { UInt64($0) }
        return sampling
    }

    package var templateVariables: [String: JSONValue] { thinks.map { ["enable_thinking": .bool($0)] } ?? [:] }

    private func number(_ name: String, _ text: String, _ range: ClosedRange<Double>) throws(Refusal) -> Double {
        guard let value = Double(text), range.contains(value) else {
            throw refusal(name, "\(range.lowerBound)…\(range.upperBound)", text)
        }
        return value
    }

    /// nil for "none".
    private func whole(_ name: String, _ text: String, _ range: ClosedRange<Int>) throws(Refusal) -> Int? {
        if text == "none" { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw refusal(name, "\(range.lowerBound)…\(range.upperBound)", text)
        }
        return value
    }

    private func choice(_ name: String, _ text: String) throws(Refusal) -> Bool? {
        switch text {
        case "on", "true": true
        case "off", "false": false
        case "none": nil
        default: throw refusal(name, "on, off, none", text)
        }
    }

    private func refusal(_ name: String, _ expected: String, _ found: String) -> Refusal {
        Refusal(
            description: Language.text(
                zh: "\(name)：应为 \(expected)，而不是 \(found)", en: "\(name): \(expected) is expected, not \(found)"))
    }
}
