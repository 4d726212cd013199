import Crypto
import Dialogue

/// What identifies an example by its content, on every machine.
package struct ContentHash: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    /// Of all that is said and taught: examples with the same hash are the same.
    package init(exact example: InstructionExample) {
        self.init(Array(example.json.serialized().utf8))
    }

    /// Of the words alone, by speaker: case, width, white space and punctuation make no difference, nor do tools.
    package init(normalized example: InstructionExample) {
        var bytes: [UInt8] = []
        for part in example.parts {
            bytes += Array((part.name + ":").utf8)
            for message in part.messages where message.role != .system {
                bytes += Array(message.role.rawValue.utf8)
                Self.append(TextUnits(message.content).hash, to: &bytes)
                for call in message.toolCalls {
                    Self.append(TextUnits(call.name + " " + call.arguments).hash, to: &bytes)
                }
            }
        }
        self.init(bytes)
    }

    /// Of what is asked first: examples with one question must not be on both sides of a split.
    ///
    /// Only the words count. The system message does not: the same question under another persona is the same.
    package init(question example: InstructionExample) {
        let asked = example.messages.prefix { $0.role != .assistant }.filter { $0.role == .user }
        var bytes: [UInt8] = []
        for message in asked.isEmpty ? example.messages : asked {
            Self.append(TextUnits(message.content).hash, to: &bytes)
        }
        self.init(bytes)
    }

    private init(_ bytes: [UInt8]) {
        let digest = Array(SHA256.hash(data: bytes))
        high = digest[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
        low = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
    }
}

extension InstructionExample {
    /// Its lists of messages: the conversation or prompt, and continuations that are compared.
    package var parts: [(name: String, messages: [Message])] {
        guard case .preference(let chosen, let rejected) = lesson else { return [("messages", messages)] }
        return [("messages", messages), ("chosen", chosen), ("rejected", rejected)]
    }
}
