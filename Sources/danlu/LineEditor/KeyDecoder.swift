/// Takes a terminal's bytes apart into keys.
///
/// ground -> escape -> sequence -> ground; ground <-> paste. A pure value; what is incomplete waits for the next bytes.
package struct KeyDecoder: Sendable {
    private enum State {
        case ground
        /// After ESC.
        case escape
        /// After ESC [ or ESC O: the parameters so far.
        case sequence([UInt8])
        /// Between the marks that a terminal puts around pasted text.
        case paste([UInt8])
    }

    private static let pasteEnd = Array("\u{1b}[201~".utf8)
    private static let sequenceBytesMax = 32
    private var state = State.ground
    /// Bytes of a character that is not complete yet.
    private var pending: [UInt8] = []

    package init() {}

    package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
        var keys: [Key] = []
        for byte in bytes {
            guard let key = take(byte) else { continue }
            if case .text(let text) = key, case .text(let before)? = keys.last {
                keys[keys.count - 1] = .text(before + text)
            } else {
                keys.append(key)
            }
        }
        return keys
    }

    private mutating func take(_ byte: UInt8) -> Key? {
        switch state {
        case .ground: return ground(byte)
        case .escape: return escape(byte)
        case .sequence(let parameters): return sequence(parameters, byte)
        case .paste(var text):
            text.append(byte)
            state = .paste(text)
            guard text.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) else { return nil }
            state = .ground
            return .text(Self.plain(text.dropLast(Self.pasteEnd.count)))
        }
    }

    private mutating func ground(_ byte: UInt8) -> Key? {
        if byte == 0x1B {
            pending = []
            state = .escape
            return nil
        }
        if byte >= 0x20, byte != 0x7F { return character(byte) }
        pending = []
        return Self.control(byte)
    }

    /// Gathers the bytes of one scalar.
    private mutating func character(_ byte: UInt8) -> Key? {
        if byte < 0x80 || byte >= 0xC0 { pending = [] }
        pending.append(byte)
        guard let lead = pending.first, lead < 0x80 || lead >= 0xC2 else {
            pending = []
            return nil
        }
        let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard pending.count == length else { return nil }
        defer { pending = [] }
        return String(validating: pending, as: UTF8.self).map { .text($0) }
    }

    private static func control(_ byte: UInt8) -> Key? {
        switch byte {
        case 0x01: .home
        case 0x02: .left
        case 0x03: .interrupt
        case 0x04: .endOfFile
        case 0x05: .end
        case 0x06: .right
        case 0x08, 0x7F: .backspace
        case 0x09: .tab
        case 0x0A: .newline
        case 0x0B: .killToEnd
        case 0x0C: .clearScreen
        case 0x0D: .enter
        case 0x0E: .down
        case 0x10: .up
        case 0x14: .transpose
        case 0x15: .killToStart
        case 0x17: .killWordBackward
        case 0x19: .yank
        default: nil
        }
    }

    private mutating func escape(_ byte: UInt8) -> Key? {
        state = .ground
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "O"):
            state = .sequence([])
            return nil
        case 0x1B:
            state = .escape
            return nil
        case 0x0D, 0x0A: return .newline
        case 0x08, 0x7F: return .killWordBackward
        case UInt8(ascii: "b"): return .wordLeft
        case UInt8(ascii: "f"): return .wordRight
        case UInt8(ascii: "d"): return .killWordForward
        default: return nil
        }
    }

    private mutating func sequence(_ parameters: [UInt8], _ byte: UInt8) -> Key? {
        guard (0x40...0x7E).contains(byte) else {
            state = parameters.count < Self.sequenceBytesMax ? .sequence(parameters + [byte]) : .ground
            return nil
        }
        state = .ground
        let text = String(decoding: parameters, as: UTF8.self)
        // “1;5” is Ctrl, “1;3” Alt: both move by words.
        let isModified = text.hasSuffix(";5") || text.hasSuffix(";3")
        switch byte {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return isModified ? .wordRight : .right
        case UInt8(ascii: "D"): return isModified ? .wordLeft : .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "~"): return numbered(text)
        default: return nil
        }
    }

    private mutating func numbered(_ text: String) -> Key? {
        switch text {
        case "1", "7": return .home
        case "3": return .delete
        case "4", "8": return .end
        case "200":
            state = .paste([])
            return nil
        default: return nil
        }
    }

    /// Pasted text without what would steer a terminal; all line breaks are one kind.
    private static func plain(_ bytes: some Sequence<UInt8>) -> String {
        let text = String(decoding: Array(bytes), as: UTF8.self)
            .replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" }))
    }
}
