import Dialogue

/// What is asked of an answer's form - its length, its layout, its language, its words - and can be checked without
/// understanding it.
enum InstructionTask {
    static let kind = TaskKind(
        name: "instructions", zh: "按要求作答：长度、格式、语言、用词", en: "answers as asked: length, form, language, words",
        source: "made from the seed", shots: 0
    ) { settings, _ in
        var generator = settings.generator("instructions")
        let count = min(settings.limit ?? itemsDefault, EvaluationLimits.itemsMax)
        let items = (0..<count).map { place in
            let isChinese = place % 2 == 1
            let asks = isChinese ? chinese : english
            let topics = isChinese ? chineseTopics : englishTopics
            let topic = topics[Int.random(in: 0..<topics.count, using: &generator)]
            let ask = asks[(place / 2) % asks.count]
            let text = ask.text.replacing("{topic}", with: topic)
            return EvaluationItem(
                id: "\(place + 1)", group: isChinese ? "zh" : "en",
                work: .generation(
                    .chat([Message(role: .user, content: text)]), tokensMax: tokensMax, stops: [],
                    check: .rules(ask.rules)))
        }
        return EvaluationTask(name: "instructions", metric: .followed, items: items)
    }

    private static let itemsDefault = 48
    private static let tokensMax = 256

    private struct Ask: Sendable {
        var text: String
        var rules: [AnswerRule]

        init(_ text: String, _ rules: AnswerRule...) {
            self.text = text
            self.rules = rules
        }
    }

    private static let englishTopics = ["the sea", "bread", "bicycles", "winter", "music", "bees", "bridges", "tea"]
    private static let chineseTopics = ["大海", "茶", "自行车", "冬天", "音乐", "蜜蜂", "桥", "月亮"]

    private static let english = [
        Ask("Tell me about {topic} in at most 30 words.", .words(1...30)),
        Ask("Describe {topic} in exactly one sentence.", .sentences(1...1)),
        Ask("Give exactly 3 facts about {topic} as a bulleted list, and nothing else.", .listItems(3...3)),
        Ask("List exactly 5 words about {topic} as a numbered list.", .listItems(5...5)),
        Ask(
            "Describe {topic} as a JSON object with the keys \"name\" and \"summary\". Output only the JSON.",
            .isJSON(keys: ["name", "summary"])),
        Ask(
            "Write two or three sentences about {topic}. Do not use the word \"is\".", .lacks(" is "), .sentences(2...3)
        ),
        Ask("Write one short paragraph about {topic} that contains the word \"lantern\".", .contains("lantern")),
        Ask("Write one sentence about {topic} in capital letters only.", .isUppercase),
        Ask("Write one sentence about {topic} in lower case letters only.", .isLowercase),
        Ask("Answer in Chinese: what is {topic}?", .isChinese),
        Ask(
            "Write about {topic} in at most 40 words. Begin with the word \"Certainly\".", .begins("Certainly"),
            .words(1...40)),
        Ask("Write one sentence about {topic} and end your answer with the words \"The end.\"", .ends("The end.")),
    ]

    private static let chinese = [
        Ask("用不超过三十个字介绍{topic}。", .words(1...30)),
        Ask("只用一句话描述{topic}。", .sentences(1...1)),
        Ask("用列表写出{topic}的三个特点，恰好三条，不要别的内容。", .listItems(3...3)),
        Ask("写出与{topic}有关的五个词，用编号列表。", .listItems(5...5)),
        Ask("用 JSON 对象描述{topic}，键为 name 和 summary，只输出 JSON。", .isJSON(keys: ["name", "summary"])),
        Ask("用两三句话介绍{topic}，不要出现“是”字。", .lacks("是"), .sentences(2...3)),
        Ask("写一小段关于{topic}的话，必须出现“灯笼”这个词。", .contains("灯笼")),
        Ask("请用英文回答：什么是{topic}？", .isEnglish),
        Ask("用中文写一句关于{topic}的话，以“总之”开头。", .begins("总之"), .isChinese),
        Ask("写一句关于{topic}的话，最后以“完毕。”结尾。", .ends("完毕。")),
        Ask("用五十到一百个字介绍{topic}。", .words(50...100)),
        Ask("用中文介绍{topic}，不超过两句话。", .sentences(1...2), .isChinese),
    ]
}
