import JSON

/// Turns one JSON object into a document: its text, or the conversation or exchange it holds, and what is known of it.
struct JSONRecord {
    private let textKeys: [[UInt8]]
    private let limits: CorpusLimits
    private let isChosen: Bool
    /// Members and columns that hold text, the likeliest first.
    static let textNames = [
        "text", "content", "raw_content", "body", "article", "passage", "document", "contents", "html", "正文", "内容",
    ]
    private static let usualKeys = textNames.map { Array($0.utf8) }
    private static let dialogueKeys = ["messages", "conversations", "conversation", "dialogue", "dialog", "turns"].map {
        Array($0.utf8)
    }
    /// Members that together are one exchange, in the order in which they are said.
    static let exchangeNames = [
        "system", "instruction", "question", "query", "prompt", "input", "output", "answer", "response", "completion",
    ]
    private static let exchangeKeys = exchangeNames.map { Array($0.utf8) }
    /// What members are called here, by what they are called there.
    static let metadataNames = [
        "url": "url", "uri": "url", "title": "title", "date": "date", "timestamp": "date", "created": "date",
        "published": "date", "id": "id", "language": "language", "lang": "language", "author": "author",
        "source": "source",
    ]
    private static let metadataKeys = metadataNames.map { (key: Array($0.key.utf8), name: $0.value) }
    private static let outerKeys = ["metadata", "meta"].map { Array($0.utf8) }

    init(_ options: RawOptions, _ limits: CorpusLimits) {
        isChosen = options.textField != nil
        textKeys = options.textField.map { [Array($0.utf8)] } ?? Self.usualKeys
        self.limits = limits
    }

    /// What the members of one object hold, by place.
    private struct Found {
        var text: (rank: Int, value: Range<Int>)?
        var dialogue: Range<Int>?
        var exchange: [(rank: Int, value: Range<Int>)] = []
        var metadata: [String: String] = [:]
    }

    func document(_ line: UnsafeBufferPointer<UInt8>, place: String) -> Result<RawDocument, LineFault> {
        var members = JSONMembers(line)
        let found = walk(&members)
        if members.isBroken { return .failure(fault(of: line)) }
        guard let (bytes, kind) = content(found, members) else {
            let names = isChosen ? textKeys : [Self.usualKeys[0], Self.usualKeys[1]]
            return .failure(
                LineFault(
                    field: names.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", "),
                    reason: "no such member that is a string"))
        }
        let (text, broken) = LineRepair.mend(bytes)
        guard broken * 50 <= text.count else { return .failure(LineFault(reason: "\(broken) bytes are not UTF-8")) }
        var metadata = found.metadata
        if let kind { metadata["kind"] = kind }
        let isHTML = found.text.map { textKeys[$0.rank].elementsEqual("html".utf8) } ?? false
        return .success(RawDocument(bytes: text, isHTML: isHTML, place: place, metadata: metadata))
    }

    private func walk(_ members: inout JSONMembers) -> Found {
        var found = Found()
        while let member = members.next() {
            if member.kind == .string {
                if let rank = textKeys.firstIndex(where: { members.isKey(member, $0) }) {
                    if rank < found.text?.rank ?? .max { found.text = (rank, member.value) }
                    continue
                }
                if !isChosen, let rank = Self.exchangeKeys.firstIndex(where: { members.isKey(member, $0) }) {
                    found.exchange.append((rank, member.value))
                    continue
                }
            }
            if !isChosen, member.kind == .array, Self.dialogueKeys.contains(where: { members.isKey(member, $0) }) {
                found.dialogue = member.value
            } else if member.kind == .object, Self.outerKeys.contains(where: { members.isKey(member, $0) }) {
                var inner = JSONMembers(UnsafeBufferPointer(rebasing: members.bytes[member.value]))
                while let member = inner.next() { keep(member, of: inner, &found.metadata) }
            } else {
                keep(member, of: members, &found.metadata)
            }
        }
        return found
    }

    private func keep(_ member: JSONMembers.Member, of members: JSONMembers, _ metadata: inout [String: String]) {
        guard member.kind == .string || member.kind == .other, member.value.count <= limits.metadataBytesMax,
            let name = Self.metadataKeys.first(where: { members.isKey(member, $0.key) })?.name, metadata[name] == nil
        else { return }
        let bytes = member.kind == .string ? members.text(member.value) : Array(members.bytes[member.value])
        guard let bytes, !bytes.isEmpty, !bytes.elementsEqual("null".utf8) else { return }
        metadata[name] = String(decoding: bytes, as: UTF8.self)
    }

    /// The text, and of what kind it is where it was put together.
    private func content(_ found: Found, _ members: JSONMembers) -> (bytes: [UInt8], kind: String?)? {
        if let text = found.text { return members.text(text.value).map { ($0, nil) } }
        if let range = found.dialogue {
            let limits = JSONLimits(depthMax: limits.jsonDepthMax, bytesMax: range.count)
            guard let turns = try? JSONValue(parsing: members.bytes[range], limits: limits).array,
                let text = DialogueText.text(turns)
            else { return nil }
            return (text, DialogueText.kind)
        }
        guard found.exchange.count > 1 else { return nil }
        let parts = found.exchange.sorted { $0.rank < $1.rank }.compactMap { members.text($0.value) }
        return (Array(parts.filter { !$0.isEmpty }.joined(separator: [0x0A, 0x0A])), "instruction")
    }

    /// Why the line is no object, in the words of the parser that is exact.
    private func fault(of line: UnsafeBufferPointer<UInt8>) -> LineFault {
        do {
            let limits = JSONLimits(depthMax: limits.jsonDepthMax, bytesMax: line.count)
            let value = try JSONValue(parsing: line, limits: limits)
            return LineFault(reason: "expected a JSON object, found \(value.kind)")
        } catch {
            return LineFault(reason: "\(error)")
        }
    }
}
