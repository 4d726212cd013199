/// Members of a JSON object, written as bytes: documents are most of what washing writes.
enum JSONBytes {
    /// A text in quotes.
    static func quote(_ text: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        output.append(0x22)
        var copied = 0
        for place in text.indices {
            let byte = text[place]
            if byte >= 0x20, byte != 0x22, byte != 0x5C { continue }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied..<place]))
            copied = place + 1
            output.append(0x5C)
            switch byte {
            case 0x22, 0x5C: output.append(byte)
            case 0x0A: output.append(UInt8(ascii: "n"))
            case 0x0D: output.append(UInt8(ascii: "r"))
            case 0x09: output.append(UInt8(ascii: "t"))
            default:
                output.append(contentsOf: "u00".utf8)
                output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                output.append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
            }
        }
        output.append(contentsOf: UnsafeBufferPointer(rebasing: text[copied...]))
        output.append(0x22)
    }

    static func quote(_ text: [UInt8], to output: inout [UInt8]) {
        text.withUnsafeBufferPointer { quote($0, to: &output) }
    }

    static func member(_ name: String, _ value: String, to output: inout [UInt8]) {
        separate(&output)
        quote(Array(name.utf8), to: &output)
        output.append(0x3A)
        quote(Array(value.utf8), to: &output)
    }

    /// A number, with as many digits as tell it from others of four decimals.
    static func member(_ name: String, _ value: Double, to output: inout [UInt8]) {
        separate(&output)
        quote(Array(name.utf8), to: &output)
        output.append(0x3A)
        let rounded = (value * 10_000).rounded() / 10_000
        output.append(contentsOf: (rounded.isFinite ? "\(rounded)" : "null").utf8)
    }

    /// An object of numbers.
    static func member(_ name: String, _ numbers: [(name: String, value: Int)], to output: inout [UInt8]) {
        separate(&output)
        quote(Array(name.utf8), to: &output)
        output.append(contentsOf: ":{".utf8)
        for (place, number) in numbers.enumerated() {
            if place > 0 { output.append(0x2C) }
            quote(Array(number.name.utf8), to: &output)
            output.append(contentsOf: ":\(number.value)".utf8)
        }
        output.append(0x7D)
    }

    private static func separate(_ output: inout [UInt8]) {
        if let last = output.last, last != 0x7B { output.append(0x2C) }
    }
}
