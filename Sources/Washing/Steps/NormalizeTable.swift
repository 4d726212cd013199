/// What normalising does to each scalar; the basic plane is looked up.
struct NormalizeTable: Sendable {
    enum Action: UInt8 {
        case keep
        case space
        case newline
        case drop
        /// A joiner of zero width.
        case joiner
        case broken
        /// May have another composed form.
        case compose
        /// A mark at full width that Chinese has too.
        case mark
        case replace
    }

    private let actions: [UInt8]
    private let replacements: [UInt32: [UInt32]]

    init(width: Bool) {
        var actions = [UInt8](repeating: Action.keep.rawValue, count: 0x10000)
        func set(_ range: ClosedRange<Int>, _ action: Action) {
            for value in range { actions[value] = action.rawValue }
        }
        set(0...0x1F, .drop)
        set(0x7F...0x9F, .drop)
        for range in [
            0xAD...0xAD, 0x61C...0x61C, 0x180B...0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F,
            0xFE00...0xFE0E, 0xFEFF...0xFEFF, 0xFFF0...0xFFFB, 0xFFFE...0xFFFF, 0xE000...0xF8FF,
        ] {
            set(range, .drop)
        }
        set(0x200C...0x200D, .joiner)
        set(0xFFFD...0xFFFD, .broken)
        for value in [0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029] { set(value...value, .newline) }
        for range in [0x09...0x09, 0x20...0x20, 0xA0...0xA0, 0x2000...0x200A, 0x202F...0x202F, 0x205F...0x205F] {
            set(range, .space)
        }
        set(0x3000...0x3000, .space)
        // Combining marks, Korean letters by part, and ideographs that are there for other encodings.
        for range in [0x300...0x36F, 0x1100...0x11FF, 0x3099...0x309A, 0xF900...0xFAFF, 0x1AB0...0x1AFF] {
            set(range, .compose)
        }
        var replacements: [UInt32: [UInt32]] = [:]
        if width { Self.addWidths(&actions, &replacements) }
        self.actions = actions
        self.replacements = replacements
    }

    private static func addWidths(_ actions: inout [UInt8], _ replacements: inout [UInt32: [UInt32]]) {
        func replace(_ scalar: UInt32, _ others: String) {
            actions[Int(scalar)] = Action.replace.rawValue
            replacements[scalar] = others.unicodeScalars.map(\.value)
        }
        for scalar in UInt32(0xFF01)...0xFF5E {
            actions[Int(scalar)] = Action.replace.rawValue
            replacements[scalar] = [scalar - 0xFEE0]
        }
        for scalar in "！（），：；？".unicodeScalars { actions[Int(scalar.value)] = Action.mark.rawValue }
        actions[0xFF5E] = Action.keep.rawValue
        // Kana and marks at half width, in the order of their code points.
        let kana =
            "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"
        for (place, scalar) in kana.unicodeScalars.enumerated() {
            replace(UInt32(0xFF61 + place), String(scalar))
        }
        for (place, scalar) in "¢£¬¯¦¥₩".unicodeScalars.enumerated() {
            replace(UInt32(0xFFE0 + place), String(scalar))
        }
        for (place, letters) in ["ff", "fi", "fl", "ffi", "ffl", "st", "st"].enumerated() {
            replace(UInt32(0xFB00 + place), letters)
        }
    }

    @inline(__always)
    func action(_ scalar: UInt32) -> Action {
        guard scalar < 0x10000 else {
            return 0xE0000...0x10FFFF ~= scalar ? .drop : .keep
        }
        return Action(rawValue: actions[Int(scalar)]) ?? .keep
    }

    func replacement(_ scalar: UInt32) -> [UInt32] { replacements[scalar] ?? [scalar] }
}
