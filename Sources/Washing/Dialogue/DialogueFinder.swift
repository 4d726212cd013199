/// Finds questions with answers, and talks of two, in running text: lines that begin with who speaks and a colon.
///
///     问：水在什么温度结冰？            Q: Is it open today?         用户：你好
///     答：零摄氏度。                    A: Until six.                助手：你好！
///
/// What stands on the lines between belongs to the turn before. Who asks is the user, who answers the assistant.
package struct DialogueFinder: Sendable {
    package struct Turn: Equatable {
        package var isAsking: Bool
        package var text: String
    }

    let settings: DialogueSettings

    package init(settings: DialogueSettings) { self.settings = settings }

    private static let asking = [
        "问", "提问", "问题", "用户", "客户", "顾客", "学生", "患者", "q", "question", "user", "human", "customer", "student",
        "patient",
    ]
    private static let answering = [
        "答", "回答", "答案", "助手", "客服", "老师", "医生", "机器人", "a", "answer", "assistant", "ai", "bot", "agent", "teacher",
        "doctor", "chatgpt", "gpt",
    ]
    private static let labelBytesMax = 32

    /// Dialogues of a text, each beginning with a question and ending with an answer, turn about.
    package func dialogues(in text: [UInt8]) -> [[Turn]] {
        var found: [[Turn]] = []
        var turns: [Turn] = []
        func close() {
            // An end without an answer teaches nothing.
            if let last = turns.last, last.isAsking { turns.removeLast() }
            if turns.count >= settings.turnsMin { found.append(turns) }
            turns.removeAll()
        }
        UTF8Text.forEachLine(text) { range in
            let line = text[range]
            if let (isAsking, start) = Self.label(line) {
                let said = String(decoding: text[start..<range.upperBound], as: UTF8.self)
                    .trimmed()
                // A second question begins another dialogue, unless it goes on from an answer.
                if isAsking, turns.last?.isAsking == true { close() }
                if isAsking ? true : turns.last?.isAsking == true {
                    turns.append(Turn(isAsking: isAsking, text: said))
                } else {
                    close()
                }
            } else if !turns.isEmpty, !line.allSatisfy({ $0 == 0x20 }) {
                let last = turns.count - 1
                guard turns[last].text.utf8.count + line.count <= settings.turnBytesMax else { return close() }
                turns[last].text += (turns[last].text.isEmpty ? "" : "\n") + String(decoding: line, as: UTF8.self)
            }
        }
        close()
        return found.filter { $0.allSatisfy { !$0.text.isEmpty } }
    }

    /// Whether a line begins with who speaks, and where what is said begins.
    private static func label(_ line: ArraySlice<UInt8>) -> (isAsking: Bool, start: Int)? {
        let head = line.prefix(labelBytesMax)
        let colon: (place: Int, width: Int)
        if let place = head.firstIndex(of: 0x3A) {
            colon = (place, 1)
        } else if let place = head.indices.first(where: { head[$0...].starts(with: [0xEF, 0xBC, 0x9A]) }) {
            colon = (place, 3)
        } else {
            return nil
        }
        var name = String(decoding: line[line.startIndex..<colon.place], as: UTF8.self).lowercased()
        // "问1", "Q2." and "**Q**" are the same as "问" and "Q".
        name.removeAll { $0 == "*" || $0 == " " || $0 == "." || $0 == "#" || $0 == "【" || $0 == "】" || $0.isNumber }
        if asking.contains(name) { return (true, colon.place + colon.width) }
        return answering.contains(name) ? (false, colon.place + colon.width) : nil
    }
}

extension String {
    fileprivate func trimmed() -> String {
        let rest = drop { $0 == " " || $0 == "*" }
        return String(rest.reversed().drop { $0 == " " }.reversed())
    }
}

extension DialogueFinder {
    /// A dialogue as `danlu data` and `danlu train` read it.
    package static func line(_ turns: [Turn]) -> [UInt8] {
        var line = Array("{\"messages\":[".utf8)
        for (place, turn) in turns.enumerated() {
            if place > 0 { line.append(0x2C) }
            line.append(0x7B)
            JSONBytes.member("role", turn.isAsking ? "user" : "assistant", to: &line)
            JSONBytes.member("content", turn.text, to: &line)
            line.append(0x7D)
        }
        return line + Array("]}\n".utf8)
    }
}
