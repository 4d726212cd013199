import Foundation
import JSON

/// Takes a model's streamed text apart: its answer, its reasoning, its calls of tools.
///
///     var parser = ToolCallParser(template: template, usesTools: true)
///     parser.append("Let me see. <tool_")   // [.content("Let me see. ")]
///     parser.append("call>\n{\"name\": …")  // []
///
/// The Hermes and Qwen form: `<think>…</think>` at the start, `<tool_call>{"name": …, "arguments": …}</tool_call>`
/// anywhere after it. A marker is never emitted as content, not even in part, unless what it begins is broken: then
/// the text comes back as content, character for character. A call is emitted when it is complete.
public struct ToolCallParser: Sendable {
    public enum Piece: Sendable, Hashable {
        case content(String)
        case reasoning(String)
        case toolCallStarted(index: Int, id: String, name: String)
        case toolCallArguments(index: Int, fragment: String)
    }

    /// A call longer than this, in UTF-8 bytes, is content.
    public static let callBytesMax = 1 << 20

    /// start -> reasoning -> content <-> call; start -> content.
    private enum State { case start, reasoning, content, call }

    private static let think = Array("<think>".utf8)
    private static let endThink = Array("</think>".utf8)
    private static let call = Array("<tool_call>".utf8)
    private static let endCall = Array("</tool_call>".utf8)

    private let usesTools: Bool
    private let makeID: @Sendable (Int) -> String
    private var state = State.start
    private var held: [UInt8] = []
    private var calls = 0
    /// Bytes of `held` in which the open call's end was not found.
    private var scanned = 0
    /// White space after a marker belongs to the marker.
    private var dropsSpace = false

    public init(
        template: ChatTemplate, usesTools: Bool,
        makeID: @escaping @Sendable (Int) -> String = { _ in "call_\(UUID().uuidString.lowercased())" }
    ) {
        self.usesTools = usesTools
        self.makeID = makeID
    }

    public mutating func append(_ text: String) -> [Piece] {
        held += text.utf8
        var pieces: [Piece] = []
        while step(&pieces) {}
        return pieces
    }

    /// The text is over: what is held goes out as what it turned out to be.
    public mutating func finish() -> [Piece] {
        var rest = held
        held = []
        if state == .call { rest = Self.call + rest }
        if rest.isEmpty || (dropsSpace && rest.allSatisfy(Self.isSpace)) { return [] }
        let text = String(decoding: rest, as: UTF8.self)
        return [state == .reasoning ? .reasoning(text) : .content(text)]
    }

    /// One transition; false when more text is needed.
    private mutating func step(_ pieces: inout [Piece]) -> Bool {
        switch state {
        case .start:
            let body = held.drop(while: Self.isSpace)
            if body.starts(with: Self.think) {
                held = Array(body.dropFirst(Self.think.count))
                enter(.reasoning, dropsSpace: true)
                return true
            }
            if Self.think.starts(with: body) { return false }
            enter(.content, dropsSpace: false)
            return true
        case .reasoning:
            guard take(until: Self.endThink, &pieces, as: Piece.reasoning) else { return false }
            enter(.content, dropsSpace: true)
            return true
        case .content:
            if !usesTools {
                emit(held.count, &pieces, as: Piece.content)
                return false
            }
            guard take(until: Self.call, &pieces, as: Piece.content) else { return false }
            enter(.call, dropsSpace: false)
            return true
        case .call: return takeCall(&pieces)
        }
    }

    private mutating func enter(_ next: State, dropsSpace: Bool) {
        state = next
        scanned = 0
        self.dropsSpace = dropsSpace
    }

    /// Emits what stands before the marker and removes both; holds back what may be the marker's beginning.
    private mutating func take(
        until marker: [UInt8], _ pieces: inout [Piece], as make: (String) -> Piece
    ) -> Bool {
        var start = held.startIndex
        while let angle = held[start...].firstIndex(of: UInt8(ascii: "<")) {
            let tail = held[angle...]
            if tail.starts(with: marker) {
                emit(angle, &pieces, as: make)
                held.removeFirst(marker.count)
                return true
            }
            if marker.starts(with: tail) {
                emit(angle, &pieces, as: make)
                return false
            }
            start = angle + 1
        }
        emit(held.count, &pieces, as: make)
        return false
    }

    private mutating func emit(_ count: Int, _ pieces: inout [Piece], as make: (String) -> Piece) {
        var out = held.prefix(count)[...]
        held.removeFirst(count)
        if dropsSpace { out = out.drop(while: Self.isSpace) }
        if out.isEmpty { return }
        dropsSpace = false
        pieces.append(make(String(decoding: out, as: UTF8.self)))
    }

    private mutating func takeCall(_ pieces: inout [Piece]) -> Bool {
        guard let end = endOfCall() else {
            if held.count <= Self.callBytesMax { return false }
            pieces.append(.content("<tool_call>" + String(decoding: held, as: UTF8.self)))
            held = []
            enter(.content, dropsSpace: false)
            return false
        }
        let body = String(decoding: held[..<end], as: UTF8.self)
        held.removeFirst(end + Self.endCall.count)
        guard let value = try? JSONValue(parsing: body), let name = value["name"]?.string, !name.isEmpty else {
            pieces.append(.content("<tool_call>" + body + "</tool_call>"))
            enter(.content, dropsSpace: false)
            return true
        }
        let arguments = value["arguments"] ?? value["parameters"] ?? .object(JSONObject())
        pieces.append(.toolCallStarted(index: calls, id: makeID(calls), name: name))
        pieces.append(.toolCallArguments(index: calls, fragment: arguments.string ?? arguments.serialized()))
        calls += 1
        enter(.content, dropsSpace: true)
        return true
    }

    /// Where `</tool_call>` begins. Text that was looked at before is not looked at again, so a long call costs
    /// time in proportion to its length however small the pieces it comes in.
    private mutating func endOfCall() -> Int? {
        var start = max(0, scanned - Self.endCall.count)
        while let angle = held[start...].firstIndex(of: UInt8(ascii: "<")) {
            if held[angle...].starts(with: Self.endCall) { return angle }
            start = angle + 1
        }
        scanned = held.count
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
