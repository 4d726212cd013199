import Corpus
import Languages

/// Aligns two files, or the two languages in one.
///
///     let report = try FileAlignment(scoreMin: 0.5).align("film.zh.srt", "film.en.srt")
///
/// Subtitles are aligned by times, lengths and words; catalogues (.mo, .po) by their messages, checked by words and
/// lengths; other texts sentence by sentence. A single catalogue gives its messages with their translations, a single
/// file of subtitles the two languages of each cue.
package struct FileAlignment {
    /// Pairs under this score are left out.
    package var scoreMin: Double
    package var limits = AlignmentLimits()

    package static let scoreUsual = 0.4
    private static let sampleItems = 400

    package init(scoreMin: Double = Self.scoreUsual) { self.scoreMin = scoreMin }

    package func align(_ first: String, _ second: String?) throws(AlignmentError) -> AlignmentReport {
        let kind = RawFormat(name: first) ?? .plain
        if let second, (RawFormat(name: second) ?? .plain) != kind {
            throw .differentKinds(first: first, second: second)
        }
        switch (kind, second) {
        case (.subtitles, let second?): return try align(cues(first), cues(second), isTimed: true)
        case (.subtitles, nil):
            return try pairs(Self.halves(try read { () throws(CorpusError) in try Subtitles.read(path: first) }))
        case (.messages, nil):
            return try pairs(try catalogue(first).messages.map { ($0.source, $0.translation) })
        case (.messages, let second?): return try pairs(try translations(first, second))
        case (_, let second?): return try align(sentences(first), sentences(second), isTimed: false)
        case (_, nil): throw .secondMissing(path: first)
        }
    }

    // MARK: - What the files hold

    private struct Source {
        var text: String
        var time: Range<Int>?
    }

    private func read<Value>(_ body: () throws(CorpusError) -> Value) throws(AlignmentError) -> Value {
        do { return try body() } catch { throw .cannotRead(error) }
    }

    private func cues(_ path: String) throws(AlignmentError) -> [Source] {
        let cues = try read { () throws(CorpusError) in try Subtitles.read(path: path) }
        guard cues.count <= limits.itemsMax else {
            throw .tooManyItems(path: path, count: cues.count, limit: limits.itemsMax)
        }
        let language = try language(cues.flatMap(\.lines))
        var sources: [Source] = []
        for cue in cues {
            let text = SubtitleText.spoken(try mainLines(cue.lines, language))
            if !text.isEmpty { sources.append(Source(text: text, time: cue.start..<max(cue.start, cue.end))) }
        }
        return sources
    }

    /// Of a cue in two languages, the lines in the file's.
    private func mainLines(_ lines: [String], _ language: WrittenLanguage) throws(AlignmentError) -> [String] {
        guard lines.count > 1 else { return lines }
        let found = try lines.map { line throws(AlignmentError) in try self.language([line]) }
        let isEast: (WrittenLanguage) -> Bool = { $0.isChinese || $0 == .ja || $0 == .ko }
        let main = lines.indices.filter { isEast(found[$0]) == isEast(language) }
        return main.isEmpty ? lines : main.map { lines[$0] }
    }

    /// A cue's lines in two scripts, where it has both.
    private static func halves(_ cues: [SubtitleCue]) -> [(String, String)] {
        cues.compactMap { cue in
            let east = cue.lines.filter { line in line.unicodeScalars.contains { $0.value >= 0x2E80 } }
            let others = cue.lines.filter { line in !line.unicodeScalars.contains { $0.value >= 0x2E80 } }
            let (one, other) = (SubtitleText.spoken(east), SubtitleText.spoken(others))
            return one.isEmpty || other.isEmpty ? nil : (one, other)
        }
    }

    private func catalogue(_ path: String) throws(AlignmentError) -> MessageCatalogue {
        try read { () throws(CorpusError) in try MessageCatalogue.read(path: path) }
    }

    /// Translations of the same messages.
    private func translations(_ first: String, _ second: String) throws(AlignmentError) -> [(String, String)] {
        var others: [String: String] = [:]
        for message in try catalogue(second).messages {
            others[(message.context ?? "") + "\u{4}" + message.source] = message.translation
        }
        return try catalogue(first).messages.compactMap { message in
            others[(message.context ?? "") + "\u{4}" + message.source].map { (message.translation, $0) }
        }
    }

    private func sentences(_ path: String) throws(AlignmentError) -> [Source] {
        var sources: [Source] = []
        let files = try read { () throws(CorpusError) in try RawFiles.find([path]) }
        for file in files {
            let reader = try read { () throws(CorpusError) in try RawReader(file) }
            while let document = try read({ () throws(CorpusError) in try reader.next() }) {
                let text = String(decoding: document.bytes, as: UTF8.self)
                sources += SentenceSplitter.sentences(text).map { Source(text: $0) }
                guard sources.count <= limits.itemsMax else {
                    throw .tooManyItems(path: path, count: sources.count, limit: limits.itemsMax)
                }
            }
        }
        return sources
    }

    // MARK: - Aligning

    private func language(_ lines: [String]) throws(AlignmentError) -> WrittenLanguage {
        do {
            return try LanguageIdentifier.shipped().identify(lines.prefix(Self.sampleItems).joined(separator: "\n"))
                .language
        } catch { throw .languages(error) }
    }

    private func align(_ first: [Source], _ second: [Source], isTimed: Bool) throws(AlignmentError) -> AlignmentReport {
        let prepared = try prepare(first, second)
        let found = Aligner(limits, isTimed: isTimed).align(prepared.first, prepared.second, prepared.lexicon)
        return report(found, prepared)
    }

    /// Pairs that are known to belong together, each checked by words and lengths.
    private func pairs(_ pairs: [(String, String)]) throws(AlignmentError) -> AlignmentReport {
        var prepared = try prepare(pairs.map { Source(text: $0.0) }, pairs.map { Source(text: $0.1) })
        prepared.lexicon.learn(zip(prepared.first, prepared.second).map { ($0.words, $1.words) })
        let found = Aligner(limits, isTimed: false).check(prepared.first, prepared.second, prepared.lexicon)
        // Untranslated messages teach nothing.
        return report(found.filter { $0.first != $0.second }, prepared)
    }

    private struct Prepared {
        var first: [AlignmentItem]
        var second: [AlignmentItem]
        var languages: (first: WrittenLanguage, second: WrittenLanguage)
        var lexicon: Lexicon
    }

    private func prepare(_ first: [Source], _ second: [Source]) throws(AlignmentError) -> Prepared {
        let languages = (first: try language(first.map(\.text)), second: try language(second.map(\.text)))
        do {
            var vocabulary = Vocabulary(try ChineseSegmenter.shipped())
            let items = [first, second].map { sources in
                sources.map { source in
                    AlignmentItem(
                        text: source.text, time: source.time, length: Vocabulary.length(of: source.text),
                        words: vocabulary.words(of: source.text))
                }
            }
            var lexicon = Lexicon()
            if languages.first.isChinese && languages.second == .en
                || languages.first == .en && languages.second.isChinese
            {
                lexicon.add(
                    dictionary: try AlignmentResource.chineseEnglish(), chineseIsFirst: languages.first.isChinese,
                    vocabulary)
            }
            return Prepared(first: items[0], second: items[1], languages: languages, lexicon: lexicon)
        } catch {
            throw .languages(error)
        }
    }

    private func report(_ found: [AlignedPair], _ prepared: Prepared) -> AlignmentReport {
        let kept = found.filter { $0.score >= scoreMin }
        return AlignmentReport(
            firstLanguage: prepared.languages.first, secondLanguage: prepared.languages.second,
            firstItems: prepared.first.count, secondItems: prepared.second.count, pairs: kept,
            doubted: found.count - kept.count)
    }
}
