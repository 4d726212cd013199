/// Cuts JSON text into the elements of its outermost array without reading them, line by line.
///
///     [                          <- opens
///       {"a": 1,
///        "b": 2},                <- an element of lines 2 and 3
///       {"a": 3}                 <- an element of line 4
///     ]
///
/// A text whose outermost value is no array is one element.
struct ArraySplitter {
    typealias Record = (bytes: [UInt8], line: Int, isWhole: Bool)

    private let recordBytesMax: Int
    private var ready: [Record] = []
    private var element: [UInt8] = []
    private var line = 0
    /// Brackets that are open, the outermost array not counted.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var isStarted = false
    private var isInArray = false

    init(recordBytesMax: Int) { self.recordBytesMax = recordBytesMax }

    mutating func next() -> Record? { ready.isEmpty ? nil : ready.removeFirst() }

    mutating func add(_ bytes: [UInt8], number: Int) {
        for byte in bytes { take(byte, number) }
        take(0x0A, number)
    }

    /// What is left when the file ends.
    mutating func finish() -> Record? {
        guard !element.isEmpty else { return nil }
        defer { element = [] }
        return (element, line, isWhole: depth == 0 && !isInString)
    }

    private mutating func take(_ byte: UInt8, _ number: Int) {
        if isInString {
            append(byte, number)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        if !isStarted, byte == UInt8(ascii: "[") {
            (isStarted, isInArray) = (true, true)
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if depth == 0, isInArray {
                if byte == UInt8(ascii: "]") { isInArray = false }
                return end()
            }
            depth -= 1
        case UInt8(ascii: ",") where depth == 0 && isInArray: return end()
        default: break
        }
        if element.isEmpty, RecordReader.isSpace(byte) || byte >= 0x80 { return }
        isStarted = true
        append(byte, number)
    }

    private mutating func append(_ byte: UInt8, _ number: Int) {
        if element.isEmpty { line = number }
        // What is too long is cut here and found broken.
        if element.count < recordBytesMax { element.append(byte) }
    }

    private mutating func end() {
        while let last = element.last, RecordReader.isSpace(last) { element.removeLast() }
        if !element.isEmpty { ready.append((element, line, isWhole: true)) }
        element = []
    }
}
