import JSON

/// Reads one call, `{"name": …, "arguments": {…}}`, as its bytes come.
///
///     object ─"─▸ key ─:─▸ value ─┬─▸ text, nest or word ─▸ after ─,─▸ object
///                                 └ (a nest that does not close rightly, of arguments) ─▸ raw
///     after ─}─▸ done                                       anything else ─▸ broken
///
/// The name is known once its string ends. Arguments that are an object or a list are handed on while they come, byte
/// for byte as the model wrote them; a string (some models write JSON in JSON) is handed on unquoted when it ends.
struct CallScanner: Sendable {
    enum State: Sendable { case start, object, key, colon, value, text, nest, word, after, done, broken, raw }

    private enum Member: Sendable { case name, arguments, other }

    private(set) var state = State.start
    private(set) var name: String?
    /// Whether the arguments' value has begun.
    private(set) var hasArguments = false
    /// Whether a member's name is one that calls do not have: then this is some other object.
    private(set) var isForeign = false
    /// Arguments that were not yet handed on.
    private var pending: [UInt8] = []
    private var member = Member.other
    private var isFirstMember = true
    /// The string, word or key that is being read.
    private var token: [UInt8] = []
    /// What closes each open bracket.
    private var closers: [UInt8] = []
    private var isInString = false
    private var isEscaped = false

    private static let memberNames: Set<String> = ["name", "arguments", "parameters", "type", "id", "function"]

    mutating func takeArguments() -> [UInt8] {
        defer { pending = [] }
        return pending
    }

    /// Reads bytes up to the end of the object, or to what cannot stand there. Returns how many were read.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> Int {
        for (count, byte) in bytes.enumerated() {
            if state == .raw { return count }
            step(byte)
            if state == .broken { return count }
            if state == .done { return count + 1 }
        }
        return bytes.count
    }

    private mutating func step(_ byte: UInt8) {
        switch state {
        case .text, .key: string(byte)
        case .nest: nest(byte)
        case .word: word(byte)
        case .done, .broken, .raw: break
        case .start, .object, .colon, .value, .after:
            if !Self.isSpace(byte) { between(byte) }
        }
    }

    /// What may stand between strings, brackets and words.
    private mutating func between(_ byte: UInt8) {
        switch (state, byte) {
        case (.start, UInt8(ascii: "{")): state = .object
        case (.object, UInt8(ascii: "\"")): begin(.key)
        case (.object, UInt8(ascii: "}")) where isFirstMember: state = .done
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.value, UInt8(ascii: "\"")): begin(.text)
        case (.value, UInt8(ascii: "{")), (.value, UInt8(ascii: "[")):
            state = .nest
            closers = []
            (isInString, isEscaped) = (false, false)
            if member == .arguments { hasArguments = true }
            nest(byte)
        case (.value, UInt8(ascii: "0")...UInt8(ascii: "9")), (.value, UInt8(ascii: "-")), (.value, UInt8(ascii: "t")),
            (.value, UInt8(ascii: "f")), (.value, UInt8(ascii: "n")):
            begin(.word)
            token = [byte]
        case (.after, UInt8(ascii: ",")): state = .object
        case (.after, UInt8(ascii: "}")): state = .done
        default: state = .broken
        }
    }

    private mutating func begin(_ next: State) {
        state = next
        token = []
        isEscaped = false
    }

    /// Inside a key or a string value.
    private mutating func string(_ byte: UInt8) {
        if byte == UInt8(ascii: "\""), !isEscaped {
            let quoted = "\"" + String(decoding: token, as: UTF8.self) + "\""
            guard let text = (try? JSONValue(parsing: quoted))?.string else {
                state = .broken
                return
            }
            if state == .key { keyEnds(text) } else { textEnds(text) }
            return
        }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        token.append(byte)
    }

    private mutating func keyEnds(_ key: String) {
        if !Self.memberNames.contains(key) { isForeign = true }
        isFirstMember = false
        state = .colon
        switch key {
        case "name" where name == nil: member = .name
        case "arguments" where !hasArguments, "parameters" where !hasArguments: member = .arguments
        default: member = .other
        }
    }

    private mutating func textEnds(_ text: String) {
        state = .after
        switch member {
        case .name: if text.isEmpty { state = .broken } else { name = text }
        case .arguments:
            hasArguments = true
            pending += text.utf8
        case .other: break
        }
    }

    /// Inside an object or a list, which is only as deep as its brackets.
    private mutating func nest(_ byte: UInt8) {
        if member == .arguments { pending.append(byte) }
        if isInString {
            if byte == UInt8(ascii: "\""), !isEscaped { isInString = false }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            return
        }
        switch byte {
        case UInt8(ascii: "\""): (isInString, isEscaped) = (true, false)
        case UInt8(ascii: "{"): closers.append(UInt8(ascii: "}"))
        case UInt8(ascii: "["): closers.append(UInt8(ascii: "]"))
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            if closers.popLast() != byte {
                state = member == .arguments ? .raw : .broken
            } else if closers.isEmpty {
                state = member == .name ? .broken : .after
            }
        default: break
        }
    }

    /// Inside a number, true, false or null.
    private mutating func word(_ byte: UInt8) {
        let ends = byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || Self.isSpace(byte)
        if !ends {
            token.append(byte)
            return
        }
        guard member != .name, let value = try? JSONValue(parsing: token) else {
            state = .broken
            return
        }
        if member == .arguments {
            hasArguments = true
            // No arguments: clients expect an object.
            pending += value.isNull ? Array("{}".utf8) : token
        }
        state = .after
        if !Self.isSpace(byte) { between(byte) }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
