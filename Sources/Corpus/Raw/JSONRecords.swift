import JSON

/// A file of JSON: an array of objects, each of which is a document or a turn of one long chat; or one object, which
/// is a document or holds such an array.
///
/// An array of objects is read element by element, however long it is; everything else as a whole.
///
/// Chats as programs export them are read so: ChatGPT (`mapping`), Telegram and Discord (`messages` with `from` or
/// `author`), Slack (an array of messages).
final class JSONRecords: RecordSource {
    private let bytes: PeekedBytes
    private let limits: CorpusLimits
    private let record: JSONRecord
    private var stream: JSONElements?
    private var elements: ArraySlice<JSONValue>?
    private var isArray = false
    private var number = 0
    /// Turns that stand by themselves in the array, gathered.
    private var chat: [UInt8] = []
    private var chatStart = 0

    init(_ bytes: PeekedBytes, _ limits: CorpusLimits, _ options: RawOptions) {
        self.bytes = bytes
        self.limits = limits
        record = JSONRecord(options, limits)
    }

    var bytesRead: Int { bytes.bytesRead }

    func next(_ faults: inout FaultLog) throws(CorpusError) -> RawDocument? {
        if elements == nil, stream == nil { try open(&faults) }
        while let element = try element(&faults) {
            if isArray, let words = DialogueText.turn(element) {
                if chat.isEmpty { chatStart = number }
                DialogueText.append(DialogueText.speaker(of: element), words, to: &chat)
                if chat.count >= limits.partBytes { return finishChat() }
                continue
            }
            switch document(element) {
            case .success(let document): return document
            case .failure(let fault): faults.note("element \(number)", fault.reason)
            }
        }
        return chat.isEmpty ? nil : finishChat()
    }

    private func open(_ faults: inout FaultLog) throws(CorpusError) {
        if JSONElements.begins(try bytes.peek()) {
            stream = JSONElements(bytes, elementBytesMax: limits.documentBytesMax)
            isArray = true
        } else {
            elements = try read(&faults)[...]
        }
    }

    /// The next one that can be read.
    private func element(_ faults: inout FaultLog) throws(CorpusError) -> JSONValue? {
        guard let stream else {
            number += 1
            return elements?.popFirst()
        }
        while true {
            let next: JSONElements.Element?
            do throws(CorpusError) { next = try stream.next() } catch {
                if case .cannotRead = error { throw error }
                faults.note(error)
                return nil
            }
            number = stream.number
            switch next {
            case nil: return nil
            case .tooLong: faults.note("element \(number)", "longer than \(limits.documentBytesMax) bytes")
            case .broken: faults.note("element \(number)", "the file ends within it")
            case .whole(let bytes):
                do { return try JSONValue(parsing: LineRepair.mend(bytes).text, limits: jsonLimits) } catch {
                    faults.note("element \(number)", "\(error)")
                }
            }
        }
    }

    private var jsonLimits: JSONLimits {
        JSONLimits(depthMax: limits.jsonDepthMax * 2, bytesMax: limits.documentBytesMax * 3)
    }

    private func finishChat() -> RawDocument {
        defer { chat = [] }
        return RawDocument(bytes: chat, place: "element \(chatStart)", metadata: ["kind": DialogueText.kind])
    }

    private func read(_ faults: inout FaultLog) throws(CorpusError) -> [JSONValue] {
        let whole = try WholeFile.read(bytes, &faults, limits)
        let text = LineRepair.decode(whole, label: nil).text
        do {
            let value = try JSONValue(parsing: text, limits: jsonLimits)
            if let array = value.array {
                isArray = true
                return array
            }
            // `{"messages": […]}` of turns; `{"chats": {"list": [{"messages": […]}]}}`.
            for key in ["messages", "data", "conversations", "items"] {
                if let array = value[key]?.array, array.contains(where: { $0.object != nil }) {
                    isArray = true
                    return array
                }
            }
            return value["chats"]?["list"]?.array ?? [value]
        } catch {
            faults.note("", "\(error)")
            return []
        }
    }

    private func document(_ element: JSONValue) -> Result<RawDocument, LineFault> {
        let place = isArray ? "element \(number)" : ""
        if let text = DialogueText.branch(element["mapping"]) {
            var metadata = ["kind": DialogueText.kind]
            metadata["title"] = element["title"]?.string
            return .success(RawDocument(bytes: text, place: place, metadata: metadata))
        }
        guard element.object != nil else {
            guard let text = element.string else {
                return .failure(LineFault(reason: "expected an object or a string, found \(element.kind)"))
            }
            return .success(RawDocument(bytes: Array(text.utf8), place: place))
        }
        let line = Array(element.serialized().utf8)
        return line.withUnsafeBufferPointer { record.document($0, place: place) }
    }
}
