import ArgumentParser
import Assistant
import Foundation
import Kernels

/// The options that every verb with a model has.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .long,
        help: .init(
            Language.text(zh: "模型名称、文件或文件夹。", en: "The model: a name, a file or a folder."), valueName: "name|path"))
    var model: String?

    @Option(
        help: .init(Language.text(zh: "计算线程数；默认为物理核心数。", en: "Threads that compute; the physical cores by default.")))
    var threads: Int?

    @Option(
        name: .customLong("context"),
        help: .init(Language.text(zh: "上下文长度（词元）。", en: "The context's length in tokens.")))
    var contextTokens: Int?

    @Option(
        help: .init(
            Language.text(
                zh: "键值缓存的格式（llama.cpp 的 -ctk、-ctv）：f16；q8_0 内存约减半；bf16；f32。",
                en: "How keys and values are stored (llama.cpp: -ctk, -ctv): f16; q8_0 in half the memory; bf16; f32."),
            valueName: "f16|q8_0|bf16|f32"))
    var cacheType = KVStorage.Element.f16

    func validate() throws {
        if let threads, !(1...256).contains(threads) { throw ValidationError("--threads: 1…256") }
        if let contextTokens, !(64...1_048_576).contains(contextTokens) {
            throw ValidationError("--context: 64…1048576")
        }
    }

    var assistantOptions: AssistantOptions {
        var options = AssistantOptions()
        options.threads = threads
        options.contextTokens = contextTokens
        options.cacheElement = cacheType
        options.contentSums = ModelHome.contentSums
        return options
    }
}

extension KVStorage.Element: ExpressibleByArgument {}
