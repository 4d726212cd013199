/// The elements of an array of JSON, one at a time, whatever its length: only where they begin and end is looked at.
///
///     [ {"text": "a, ]"}, {"text": "b"} ]
///       ^---------------^ ^-----------^
final class JSONElements {
    private let bytes: any ByteSource
    private let elementBytesMax: Int
    private var piece: [UInt8] = []
    private var index = 0
    private var isDone = false
    /// Nesting below the array; strings are passed over whole.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private(set) var number = 0

    /// Whether what begins so is an array of objects.
    static func begins(_ start: [UInt8]) -> Bool {
        let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start[...]
        guard let bracket = text.firstIndex(where: { $0 > 0x20 }), text[bracket] == UInt8(ascii: "[") else {
            return false
        }
        return text[(bracket + 1)...].first { $0 > 0x20 } == UInt8(ascii: "{")
    }

    /// - Parameter bytes: what `begins` said yes to, from its first byte.
    init(_ bytes: any ByteSource, elementBytesMax: Int) {
        self.bytes = bytes
        self.elementBytesMax = elementBytesMax
    }

    enum Element {
        case whole([UInt8])
        /// Longer than may be; it has been passed over.
        case tooLong
        /// The file ends within it.
        case broken
    }

    /// Nil after the last.
    func next() throws(CorpusError) -> Element? {
        var element: [UInt8] = []
        var isTooLong = false
        while !isDone {
            if index == piece.count, try !refill() {
                isDone = true
                guard depth > 0 || isInString else { break }
                number += 1
                return .broken
            }
            let (start, end, isEnd) = scan()
            if isTooLong || end - start > elementBytesMax - element.count {
                (isTooLong, element) = (true, [])
            } else {
                element += piece[start..<end]
            }
            guard isEnd, isTooLong || element.contains(where: { $0 > 0x20 }) else { continue }
            number += 1
            return isTooLong ? .tooLong : .whole(element)
        }
        return nil
    }

    private func refill() throws(CorpusError) -> Bool {
        guard let next = try bytes.next() else { return false }
        let isFirst = number == 0 && piece.isEmpty
        piece = next
        // To the array's bracket, which `begins` has found.
        index = isFirst ? (piece.firstIndex(of: UInt8(ascii: "[")) ?? piece.count - 1) + 1 : 0
        return true
    }

    /// Goes on to the end of the element, or of the piece.
    private func scan() -> (start: Int, end: Int, isEnd: Bool) {
        let start = index
        return piece.withUnsafeBufferPointer { piece in
            while index < piece.count {
                let byte = piece[index]
                index += 1
                if isInString {
                    if isEscaped {
                        isEscaped = false
                    } else if byte == 0x5C {
                        isEscaped = true
                    } else if byte == 0x22 {
                        isInString = false
                    }
                    continue
                }
                switch byte {
                case 0x22: isInString = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard depth > 0 else {
                        isDone = true
                        return (start, index - 1, true)
                    }
                    depth -= 1
                case UInt8(ascii: ",") where depth == 0: return (start, index - 1, true)
                default: break
                }
            }
            return (start, index, false)
        }
    }
}
