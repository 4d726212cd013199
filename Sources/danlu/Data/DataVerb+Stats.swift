import ArgumentParser
import Corpus
import Dialogue
import Foundation
import Instructions
import JSON

extension DataVerb {
    /// `danlu data stats`: what the data consists of, and what a model sees of it.
    struct Stats: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "统计数据。", en: "Measure data."),
            discussion: Language.text(
                zh: """
                    例：danlu data stats mine.jsonl --model qwen2.5-coder-1.5b-instruct --seq 1024
                    不加 --model 只数例子、消息、语言、重复；加上则还给出词元长度、要学的词元、被截断与丢弃的例子、
                    以及训练时一行的装填率。
                    """,
                en: """
                    Example: danlu data stats mine.jsonl --model qwen2.5-coder-1.5b-instruct --seq 1024
                    Without --model: examples, messages, languages, repeats. With it also lengths in tokens, targets,
                    what is cut and dropped, and how full the rows of training become.
                    """))

        @OptionGroup var input: DataInputOptions
        @OptionGroup var rendering: DataRenderingOptions

        func run() async throws {
            try await DataVerb.run { [self] in try measure() }
        }

        private func measure() throws {
            var lengths = try rendering.model == nil ? nil : rendering.lengths()
            var pass = DataPass(input)
            try pass.run { lengths?.add($0.example) }
            try pass.refuseFaults()
            if input.json {
                var object = pass.json
                object["survey"] = Self.json(pass.survey)
                if let lengths { object["rendered"] = lengths.json }
                return Terminal.output(JSONValue.object(object).serialized())
            }
            for fault in pass.faults { Terminal.note(fault.wording.text) }
            for line in DataText.summary(pass) + Self.lines(pass.survey) { Terminal.output(line) }
            for line in lengths.map(Self.lines) ?? [] { Terminal.output(line) }
        }

        private static func json(_ survey: DataSurvey) -> JSONValue {
            [
                "messages": .object(DataPass.counts(survey.messages)),
                "characters": .object(DataPass.counts(survey.characters)),
                "languages": .object(
                    JSONObject(
                        survey.languages.sorted { $0.key.code < $1.key.code }.map { ($0.key.code, .int($0.value)) })),
                "with_system": .int(survey.withSystem), "with_tools": .int(survey.withTools),
                "with_calls": .int(survey.withCalls), "with_reasoning": .int(survey.withReasoning),
                "with_turns": .int(survey.withTurns),
            ]
        }

        private static func lines(_ survey: DataSurvey) -> [String] {
            let kinds = DataSurvey.Kind.allCases.compactMap { kind in
                survey.kinds[kind].map { "\(kind.rawValue) \($0)" }
            }
            let roles = Role.allCases.compactMap { role in
                survey.messages[role].map { "\(role.rawValue) \($0) (\(survey.characters[role] ?? 0))" }
            }
            let languages = TextLanguage.allCases.compactMap { language in
                survey.languages[language].map { "\(language.code) \($0)" }
            }
            return [
                Language.text(zh: "用途：", en: "for: ") + kinds.joined(separator: "  "),
                Language.text(zh: "消息（字符）：", en: "messages (characters): ") + roles.joined(separator: "  "),
                Language.text(zh: "语言：", en: "languages: ") + languages.joined(separator: "  "),
                Language.text(
                    zh: "多轮 \(survey.withTurns)，系统提示 \(survey.withSystem)，工具 \(survey.withTools)，"
                        + "工具调用 \(survey.withCalls)，思考 \(survey.withReasoning)",
                    en: "several answers \(survey.withTurns), system \(survey.withSystem), tools \(survey.withTools), "
                        + "calls \(survey.withCalls), reasoning \(survey.withReasoning)"),
            ]
        }

        private static func lines(_ lengths: DataLengths) -> [String] {
            let total = lengths.tokens.reduce(0, +)
            let packing = lengths.packing
            let share = total > 0 ? 100 * Double(lengths.targets) / Double(total) : 0
            let quantiles = [0.5, 0.9, 0.99, 1].map { String(lengths.quantile($0)) }.joined(separator: " / ")
            return [
                Language.text(
                    zh: "词元：\(total)，其中要学的 \(lengths.targets)（\(DataText.number(share))%）",
                    en: "tokens: \(total), of which \(lengths.targets) are taught (\(DataText.number(share))%)"),
                Language.text(
                    zh: "长度（50% / 90% / 99% / 最长）：\(quantiles)", en: "lengths (50% / 90% / 99% / longest): \(quantiles)"
                ),
                Language.text(
                    zh: "--seq \(packing.sequence)：截断 \(lengths.lessonSet.cutCount)，丢弃 \(lengths.droppedCount)，"
                        + "逐答拆开 \(lengths.lessonSet.dividedCount)",
                    en: "--seq \(packing.sequence): \(lengths.lessonSet.cutCount) cut, "
                        + "\(lengths.droppedCount) dropped, \(lengths.lessonSet.dividedCount) divided by answer"),
                Language.text(
                    zh: "装填：\(packing.rows) 行，有用 \(DataText.number(100 * packing.usefulShare))%"
                        + "（不装填时 \(DataText.number(100 * lengths.paddedShare))%）",
                    en: "packed: \(packing.rows) rows, \(DataText.number(100 * packing.usefulShare))% useful "
                        + "(\(DataText.number(100 * lengths.paddedShare))% with one example a row)"),
            ] + lengths.dropped.prefix(DataText.shownMax).map { "  " + $0.wording.text }
        }
    }
}
