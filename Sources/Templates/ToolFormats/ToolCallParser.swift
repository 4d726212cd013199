import Foundation
import JSON

/// Takes a model's streamed text apart: its answer, its reasoning, its calls of tools.
///
///     var parser = ToolCallParser(template: template, usesTools: true)
///     parser.append("Let me see. <tool_")                         // [.content("Let me see. ")]
///     parser.append("call>\n{\"name\": \"f\", \"arguments\": {")  // [.toolCallStarted("f"), .toolCallArguments("{")]
///     parser.append("\"a\": 1}}\n</tool_call>")                   // [.toolCallArguments("\"a\": 1}")]
///
/// `<think>…</think>` at the start is reasoning. Calls come in the form of the template's family:
/// - Hermes, Qwen: `<tool_call>{"name": …, "arguments": …}</tool_call>`, anywhere after the reasoning;
/// - Llama 3: `{"name": …, "parameters": …}` at the very start, after `<|python_tag|>` or not; more after `;`.
///
/// A call is emitted as started once its name is known and its arguments begin; the fragments, joined, are exactly the
/// arguments' JSON text as the model wrote it. Text that only begins like a call (a broken one, a marker in part) comes
/// back as content, character for character. A call that breaks after it has started cannot be taken back: its
/// arguments then are what the model wrote up to the closing marker, and are for the client to refuse.
public struct ToolCallParser: Sendable {
    public enum Piece: Sendable, Hashable {
        case content(String)
        case reasoning(String)
        case toolCallStarted(index: Int, id: String, name: String)
        case toolCallArguments(index: Int, fragment: String)
    }

    /// A call whose name does not come within so many UTF-8 bytes is content.
    public static let callBytesMax = 1 << 20

    /// start -> reasoning -> content;  start, content, ending -> call -> ending -> content.
    private enum State { case start, reasoning, content, call, ending }

    private static let think = Array("<think>".utf8)
    private static let endThink = Array("</think>".utf8)
    private static let call = Array("<tool_call>".utf8)
    private static let endCall = Array("</tool_call>".utf8)
    private static let pythonTag = Array("<|python_tag|>".utf8)

    private let usesTools: Bool
    private let isLlama: Bool
    private let makeID: @Sendable (Int) -> String
    private var state = State.start
    /// Text that is not understood yet. A slice, because it is used up from its front.
    private var held: ArraySlice<UInt8> = []
    private var scanner = CallScanner()
    /// What the open call has used up, to be given back if it never starts.
    private var used: [UInt8] = []
    private var hasStarted = false
    private var calls = 0
    /// White space after a marker belongs to the marker.
    private var dropsSpace = false

    /// `startsInReasoning` when the prompt itself ended with `<think>`, as some templates' prompts do.
    public init(
        template: ChatTemplate, usesTools: Bool, startsInReasoning: Bool = false,
        makeID: @escaping @Sendable (Int) -> String = { _ in "call_\(UUID().uuidString.lowercased())" }
    ) {
        self.usesTools = usesTools
        self.makeID = makeID
        isLlama = template.traits.callFormat == .llama
        if startsInReasoning { enter(.reasoning, dropsSpace: true) }
    }

    public mutating func append(_ text: String) -> [Piece] {
        held += text.utf8
        var pieces: [Piece] = []
        while step(&pieces) {}
        return pieces
    }

    /// The text is over: what is held goes out as what it turned out to be.
    public mutating func finish() -> [Piece] {
        var pieces: [Piece] = []
        var rest = Array(held)
        held = []
        switch state {
        case .call:
            if hasStarted {
                emitArguments(rest, &pieces)
                return pieces
            }
            rest = used + rest
        case .ending: if rest.allSatisfy(isLlama ? Self.isSeparator : Self.isSpace) { return [] }
        case .start, .reasoning, .content: break
        }
        if rest.isEmpty || (dropsSpace && rest.allSatisfy(Self.isSpace)) { return [] }
        pieces.append(state == .reasoning ? .reasoning(Self.text(rest)) : .content(Self.text(rest)))
        return pieces
    }

    /// One transition; false when more text is needed.
    private mutating func step(_ pieces: inout [Piece]) -> Bool {
        switch state {
        case .start: return takeStart()
        case .reasoning:
            guard take(until: Self.endThink, &pieces, as: Piece.reasoning) else { return false }
            enter(usesTools && isLlama ? .start : .content, dropsSpace: true)
            return true
        case .content:
            if !usesTools || isLlama {
                emit(held.count, &pieces, as: Piece.content)
                return false
            }
            guard take(until: Self.call, &pieces, as: Piece.content) else { return false }
            enterCall(Self.call)
            return true
        case .call: return takeCall(&pieces)
        case .ending: return takeEnding()
        }
    }

    private mutating func enter(_ next: State, dropsSpace: Bool) {
        state = next
        self.dropsSpace = dropsSpace
    }

    private mutating func enterCall(_ marker: [UInt8]) {
        enter(.call, dropsSpace: dropsSpace)
        (scanner, used, hasStarted) = (CallScanner(), marker, false)
    }

    /// Reasoning, a call of Llama's form, or content.
    private mutating func takeStart() -> Bool {
        let body = held.drop(while: Self.isSpace)
        if body.isEmpty { return false }
        // After reasoning `dropsSpace` is set, and no second reasoning can come.
        if !dropsSpace, body.starts(with: Self.think) {
            held = body.dropFirst(Self.think.count)
            enter(.reasoning, dropsSpace: true)
            return true
        }
        if !dropsSpace, Self.think.starts(with: body) { return false }
        if usesTools, isLlama {
            if let isCall = takeLlamaOpening(body) {
                if isCall { return true }
            } else {
                return false
            }
        }
        enter(.content, dropsSpace: dropsSpace)
        return true
    }

    /// Enters a call at `{` or `<|python_tag|>`; nil when more text is needed to know.
    private mutating func takeLlamaOpening(_ body: ArraySlice<UInt8>) -> Bool? {
        var start = body.startIndex
        if body.starts(with: Self.pythonTag) {
            start += Self.pythonTag.count
            while start < held.endIndex, Self.isSpace(held[start]) { start += 1 }
            if start == held.endIndex { return nil }
        } else if Self.pythonTag.starts(with: body) {
            return nil
        }
        guard held[start] == UInt8(ascii: "{") else { return false }
        let marker = Array(held[..<start])
        held = held[start...]
        enterCall(marker)
        return true
    }

    /// Emits what stands before the marker and removes both; holds back what may be the marker's beginning.
    private mutating func take(
        until marker: [UInt8], _ pieces: inout [Piece], as make: (String) -> Piece
    ) -> Bool {
        var start = held.startIndex
        while let angle = held[start...].firstIndex(of: UInt8(ascii: "<")) {
            let tail = held[angle...]
            if tail.starts(with: marker) {
                emit(angle - held.startIndex, &pieces, as: make)
                held.removeFirst(marker.count)
                return true
            }
            if marker.starts(with: tail) {
                emit(angle - held.startIndex, &pieces, as: make)
                return false
            }
            start = angle + 1
        }
        emit(held.count, &pieces, as: make)
        return false
    }

    private mutating func emit(_ count: Int, _ pieces: inout [Piece], as make: (String) -> Piece) {
        var out = held.prefix(count)
        held.removeFirst(count)
        if dropsSpace { out = out.drop(while: Self.isSpace) }
        if out.isEmpty { return }
        dropsSpace = false
        pieces.append(make(Self.text(out)))
    }

    // MARK: Calls

    private mutating func takeCall(_ pieces: inout [Piece]) -> Bool {
        let count = scanner.read(held)
        if !hasStarted { used += held.prefix(count) }
        held.removeFirst(count)
        if !hasStarted, let name = scanner.name, scanner.hasArguments { start(name, &pieces) }
        if hasStarted { emitArguments(scanner.takeArguments(), &pieces) }
        switch scanner.state {
        case .done: endCall(&pieces)
        case .raw where hasStarted: return takeRaw(&pieces)
        // What follows the arguments of a call that has started, and is no part of it, is content.
        case .broken, .raw: if hasStarted { finishCall() } else { giveBack(&pieces) }
        default:
            if hasStarted || used.count <= Self.callBytesMax && !(isLlama && scanner.isForeign) { return false }
            giveBack(&pieces)
        }
        return true
    }

    private mutating func start(_ name: String, _ pieces: inout [Piece]) {
        hasStarted = true
        used = []
        dropsSpace = false
        pieces.append(.toolCallStarted(index: calls, id: makeID(calls), name: name))
    }

    private mutating func emitArguments(_ bytes: [UInt8], _ pieces: inout [Piece]) {
        if !bytes.isEmpty { pieces.append(.toolCallArguments(index: calls, fragment: Self.text(bytes))) }
    }

    /// The object is complete. One with a name and nothing else is a call of the Hermes form. In Llama's form, which
    /// has no marker, it is some answer that is JSON.
    private mutating func endCall(_ pieces: inout [Piece]) {
        if !hasStarted {
            guard let name = scanner.name, !isLlama else { return giveBack(&pieces) }
            start(name, &pieces)
            emitArguments(Array("{}".utf8), &pieces)
        }
        finishCall()
    }

    private mutating func finishCall() {
        calls += 1
        hasStarted = false
        enter(.ending, dropsSpace: true)
    }

    /// No call after all: its text is content.
    private mutating func giveBack(_ pieces: inout [Piece]) {
        let text = dropsSpace ? used.drop(while: Self.isSpace) : used[...]
        pieces.append(.content(Self.text(text)))
        used = []
        enter(.content, dropsSpace: false)
    }

    /// Arguments that are no JSON: all up to the closing marker belongs to them.
    private mutating func takeRaw(_ pieces: inout [Piece]) -> Bool {
        let index = calls
        let hasEnded = take(until: Self.endCall, &pieces) { .toolCallArguments(index: index, fragment: $0) }
        if hasEnded {
            finishCall()
            enter(.content, dropsSpace: true)
        }
        return hasEnded
    }

    /// After a call: its closing marker, or the next call of Llama's form, or content.
    private mutating func takeEnding() -> Bool {
        let body = held.drop(while: isLlama ? Self.isSeparator : Self.isSpace)
        if body.isEmpty { return false }
        if isLlama {
            guard let isCall = takeLlamaOpening(body) else { return false }
            if !isCall { enter(.content, dropsSpace: true) }
            return true
        }
        if body.starts(with: Self.endCall) {
            held = body.dropFirst(Self.endCall.count)
        } else if Self.endCall.starts(with: body) {
            return false
        }
        enter(.content, dropsSpace: true)
        return true
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// What may stand between calls of Llama's form.
    private static func isSeparator(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",")
    }
}
