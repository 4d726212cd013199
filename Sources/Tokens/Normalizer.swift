/// Changes to a text before it is cut: steps in order.
struct Normalizer: Sendable {
    enum Step: Sendable {
        case replace([UInt8], [UInt8])
    }

    var steps: [Step] = []

    func isNeeded(_ text: [UInt8], _ start: Int, _ end: Int) -> Bool { !steps.isEmpty }

    func apply(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for step in steps {
            switch step {
            case .replace(let old, let new): text = Self.replace(old, new, in: text)
            }
        }
        return text
    }

    private static func replace(_ old: [UInt8], _ new: [UInt8], in text: [UInt8]) -> [UInt8] {
        guard let first = old.first, text.contains(first) else { return text }
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var i = 0
        while i < text.count {
            if text[i] == first, i + old.count <= text.count, text[i..<i + old.count].elementsEqual(old) {
                output += new
                i += old.count
            } else {
                output.append(text[i])
                i += 1
            }
        }
        return output
    }
}
