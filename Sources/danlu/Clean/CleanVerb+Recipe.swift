import ArgumentParser
import Washing

extension CleanVerb {
    /// `danlu clean recipe`: a shipped recipe, as it is.
    struct Recipe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: Language.text(zh: "输出一份自带的配方。", en: "Print a shipped recipe."))

        @Argument(help: .init(Language.text(zh: "配方名或文件。", en: "A recipe's name, or a file.")))
        var recipe = "zh-en"

        func run() async throws {
            Terminal.output(try Washing.Recipe.load(recipe).text, terminator: "")
        }
    }
}
