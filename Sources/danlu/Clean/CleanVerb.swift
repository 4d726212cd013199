import ArgumentParser

/// `danlu clean`: from raw text to a corpus that a model can learn from.
struct CleanVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: Language.text(
            zh: "清洗语料：提取正文、去噪、去重、脱敏，并说明每篇去留的理由。",
            en: "Wash a corpus: main text, quality, duplicates, privacy, with a reason for each document."),
        discussion: Language.text(
            zh: """
                例：
                  danlu clean raw/ --output washed                 按自带配方 zh-en 清洗
                  danlu clean raw/ --recipe mine.toml --output washed --keep-rejects
                  danlu clean recipe zh-en > mine.toml             以自带配方为底本，自己改
                  danlu clean --explain page.html                  一篇文章会不会留下，为什么
                """,
            en: """
                Examples:
                  danlu clean raw/ --output washed                 by the shipped recipe, zh-en
                  danlu clean raw/ --recipe mine.toml --output washed --keep-rejects
                  danlu clean recipe zh-en > mine.toml             the shipped recipe, to be changed
                  danlu clean --explain page.html                  whether a document would be kept, and why
                """),
        subcommands: [Run.self, Extract.self, Langid.self, Segment.self, Recipe.self, Duplicates.self],
        defaultSubcommand: Run.self)
}
