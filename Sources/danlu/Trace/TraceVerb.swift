import ArgumentParser
import Assistant
import Foundation
import JSON
import Kernels
import Provenance

/// `danlu trace`: from an answer, or a habit, to the text that taught it.
struct TraceVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: Language.text(zh: "从回答或习惯查到教出它的语料。", en: "From an answer or a habit to the text that taught it."),
        discussion: Language.text(
            zh: """
                例：
                  danlu trace --index washed.index "春眠不觉晓，处处闻啼鸟"
                  danlu chat … | danlu trace --index washed.index -
                  danlu trace --index washed.index --habit '。。。' --model mine.gguf
                  danlu trace --index washed.index --habit '/([。！？])\\1\\1/' --answers answers.jsonl
                习惯写成原样的文字，或两条斜线之间的正则表达式。--model 抽样看模型自己写多少。
                """,
            en: """
                Examples:
                  danlu trace --index washed.index "春眠不觉晓，处处闻啼鸟"
                  danlu chat … | danlu trace --index washed.index -
                  danlu trace --index washed.index --habit '。。。' --model mine.gguf
                  danlu trace --index washed.index --habit '/([。！？])\\1\\1/' --answers answers.jsonl
                A habit is the text itself, or a regular expression between slashes. With --model, what the model
                writes is sampled.
                """))

    @Argument(help: .init(Language.text(zh: "回答；- 为标准输入。", en: "The answer; - is standard input."), valueName: "text"))
    var text: String?
    @Option(
        help: .init(
            Language.text(zh: "danlu index-corpus 的索引。", en: "An index of danlu index-corpus."), valueName: "folder"))
    var index: String
    @Option(
        name: .customLong("min"),
        help: .init(
            Language.text(zh: "至少多长的片段（词元；按字节建的索引为字节）。", en: "Tokens of a span at least; bytes, in an index of bytes."))
    )
    var spanMin: Int?
    @Option(help: .init(Language.text(zh: "最多几个片段。", en: "Spans at most."))) var spans = 20
    @Option(help: .init(Language.text(zh: "每个片段最多几篇文章。", en: "Documents of each span at most."))) var documents = 5
    @Flag(help: .init(Language.text(zh: "加上 ∞-gram 概率。", en: "Add infinity-gram probabilities."))) var infinityGram =
        false
    @Option(
        help: .init(
            Language.text(
                zh: "回答的是什么；用来挑选文章。", en: "What was answered: helps to choose among documents."), valueName: "text"))
    var question: String?
    @Option(help: .init(Language.text(zh: "一种习惯。", en: "A habit."), valueName: "pattern")) var habit: String?
    @Option(
        help: .init(
            Language.text(zh: "模型回答的文件，与习惯比较。", en: "A file of a model's answers, for a habit."), valueName: "file"))
    var answers: String?
    @Option(
        help: .init(
            Language.text(
                zh: "让模型续写的开头，一行一个；不给则用语料各篇的开头。",
                en: "What the model is to go on with, a line each; by default beginnings of documents."),
            valueName: "file"))
    var prompts: String?
    @Option(help: .init(Language.text(zh: "抽样几个回答。", en: "Answers that are sampled."))) var samples = 64
    @Option(help: .init(Language.text(zh: "每个回答的词元数。", en: "Tokens of each."))) var maxTokens = 128
    @Option(help: .init(Language.text(zh: "随机种子。", en: "The seed."))) var seed: UInt64 = 1
    @OptionGroup var options: ModelOptions
    @Flag(help: .init(Language.text(zh: "输出 JSON。", en: "Print JSON."))) var json = false

    func validate() throws {
        if (text == nil) == (habit == nil) {
            throw ValidationError(Language.text(zh: "请给出一段文字，或 --habit", en: "give a text, or --habit"))
        }
        if let spanMin, spanMin < 1 { throw ValidationError("--min: ≥ 1") }
        if !(1...10_000).contains(spans) { throw ValidationError("--spans: 1…10000") }
        if !(0...1000).contains(documents) { throw ValidationError("--documents: 0…1000") }
        if !(1...100_000).contains(samples) { throw ValidationError("--samples: 1…100000") }
        if !(1...65_536).contains(maxTokens) { throw ValidationError("--max-tokens: 1…65536") }
        if answers != nil && options.model != nil { throw ValidationError("--answers | --model") }
    }

    func run() async throws {
        let corpus = try CorpusIndex(folder: index, asksRules: habit == nil)
        if let habit { return try await trace(habit: HabitPattern(habit), in: corpus) }
        let text =
            text == "-"
            ? String(decoding: try Terminal.readAll(bytesMax: ProvenanceLimits().questionBytesMax), as: UTF8.self)
            : text ?? ""
        let start = ContinuousClock.now
        let trace = try AnswerTrace(
            of: text, to: question ?? "", in: corpus, symbolsMin: spanMin, spansMax: spans, documentsMax: documents,
            infinityGram: infinityGram)
        let seconds = start.duration(to: .now) / .seconds(1)
        if json {
            var object = trace.json
            object["seconds"] = .double(seconds)
            return Terminal.output(JSONValue.object(object).serialized())
        }
        Terminal.output(TraceText.sheet(trace, milliseconds: seconds * 1000), terminator: "")
    }
}
