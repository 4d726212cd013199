/// Reads subtitles: SubRip (`.srt`), WebVTT (`.vtt`), Advanced SubStation (`.ass`, `.ssa`).
///
///     let cues = try Subtitles.read(path: "film.zh.srt")
///
/// Cues that cannot be read are left out; those that are come in the order of their beginnings.
package enum Subtitles {
    /// - Throws: `CorpusError.cannotRead`, and `.passedOver` for a file without a cue.
    package static func read(path: String, limits: CorpusLimits = CorpusLimits()) throws(CorpusError) -> [SubtitleCue] {
        var faults = FaultLog(file: path, faultsMax: limits.faultsMax)
        let bytes = try Decompression.open(try FileBytes(path: path), path: path, limits: limits)
        let cues = cues(try WholeFile.read(bytes, &faults, limits))
        guard !cues.isEmpty else { throw .passedOver(file: path, place: "", reason: "it has no subtitles") }
        return cues
    }

    /// - Parameter bytes: of any encoding.
    package static func cues(_ bytes: [UInt8]) -> [SubtitleCue] {
        let text = String(decoding: LineRepair.decode(bytes, label: nil).text, as: UTF8.self)
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        let isScript = lines.contains { $0.hasPrefix("Dialogue:") }
        let cues = isScript ? scriptCues(lines) : timedCues(lines)
        return cues.enumerated().sorted { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }.map(\.element)
    }

    private static func timedCues(_ lines: [Substring]) -> [SubtitleCue] {
        var cues: [SubtitleCue] = []
        var index = 0
        while index < lines.count {
            let line = lines[index]
            index += 1
            guard let arrow = line.range(of: "-->"), let start = time(line[..<arrow.lowerBound]),
                let end = time(line[arrow.upperBound...])
            else { continue }
            var shown: [String] = []
            while index < lines.count, !lines[index].trimmed.isEmpty, !lines[index].contains("-->") {
                // The number of the next cue where no empty line parts the two.
                let isNumber = index + 1 < lines.count && lines[index + 1].contains("-->")
                let words = isNumber ? "" : plain(lines[index])
                if !words.isEmpty { shown.append(words) }
                index += 1
            }
            if !shown.isEmpty { cues.append(SubtitleCue(start: start, end: max(start, end), lines: shown)) }
        }
        return cues
    }

    /// `Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,Text`, its columns as the `Format:` line before it says.
    private static func scriptCues(_ lines: [Substring]) -> [SubtitleCue] {
        var columns = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
        var cues: [SubtitleCue] = []
        var isInEvents = false
        for line in lines {
            if line.hasPrefix("[") { isInEvents = line.lowercased().hasPrefix("[events]") }
            if isInEvents, line.hasPrefix("Format:") {
                columns = line.dropFirst(7).split(separator: ",").map { $0.trimmed.lowercased() }
            }
            guard line.hasPrefix("Dialogue:"), let startColumn = columns.firstIndex(of: "start"),
                let endColumn = columns.firstIndex(of: "end"), columns.last == "text"
            else { continue }
            let values = line.dropFirst(9).split(
                separator: ",", maxSplits: columns.count - 1, omittingEmptySubsequences: false)
            guard values.count == columns.count, let start = time(values[startColumn]),
                let end = time(values[endColumn]),
                // Shapes that are drawn, not words.
                !values[values.count - 1].contains("\\p1")
            else { continue }
            let breaks = values[values.count - 1].replacing("\\N", with: "\n").replacing("\\n", with: "\n")
            let shown = breaks.replacing("\\h", with: " ").split(separator: "\n").map(plain).filter { !$0.isEmpty }
            if !shown.isEmpty { cues.append(SubtitleCue(start: start, end: max(start, end), lines: shown)) }
        }
        return cues
    }

    /// `1:02:03,450`, `02:03.450` in milliseconds; what follows the time is left out.
    private static func time(_ text: Substring) -> Int? {
        let word = text.trimmed.prefix { !$0.isWhitespace }
        let parts = word.replacing(",", with: ".").split(separator: ":")
        guard (2...3).contains(parts.count), let last = parts.last else { return nil }
        let seconds = last.split(separator: ".")
        guard let whole = seconds.first.flatMap({ Int($0) }), whole >= 0, whole < 100 else { return nil }
        let digits = seconds.count > 1 ? seconds[1].prefix(3) : "0"
        guard let fraction = Int(digits), fraction >= 0 else { return nil }
        var milliseconds = whole * 1000 + fraction * [1, 100, 10, 1][digits.count]
        var factor = 60_000
        for part in parts.dropLast().reversed() {
            guard let value = Int(part), (0..<10_000).contains(value) else { return nil }
            milliseconds += value * factor
            factor *= 60
        }
        return milliseconds
    }

    /// Words without `<i>`, `{\an8}` and white space at the ends.
    private static func plain(_ line: some StringProtocol) -> String {
        guard line.contains(where: { $0 == "<" || $0 == "{" }) else { return line.trimmed }
        var result = ""
        var rest = line[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == "{" }) {
            result += rest[..<open]
            let closing: Character = rest[open] == "<" ? ">" : "}"
            guard let close = rest[open...].firstIndex(of: closing), isTag(rest[open..<close]) else {
                result.append(rest[open])
                rest = rest[rest.index(after: open)...]
                continue
            }
            rest = rest[rest.index(after: close)...]
        }
        return (result + rest).trimmed
    }

    private static func isTag(_ tag: some StringProtocol) -> Bool {
        let next = tag.dropFirst().first
        return tag.first == "{" ? next == "\\" : next == "/" || next.map { $0.isLetter } ?? false
    }
}
