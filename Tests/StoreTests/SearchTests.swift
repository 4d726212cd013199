import Dialogue
import Store
import Testing

@Suite struct SearchTests {
    @Test func findsChineseWordsAndUnfinishedEnglishOnes() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let weather = try await store.createConversation(NewConversation(title: "出行", model: "m"))
        _ = try await store.addMessage(to: weather.id, parent: nil, role: .user, content: "明天北京的天气好不好？")
        let code = try await store.createConversation(NewConversation(title: "Quicksort in Swift", model: "m"))
        _ = try await store.addMessage(to: code.id, parent: nil, role: .user, content: "讲讲快速排序 \"partition\"")

        func found(_ words: String) async throws -> [String] {
            try await store.conversations(search: words).map(\.conversation.id)
        }
        #expect(try await found("天气") == [weather.id])
        #expect(try await found("北京 天气") == [weather.id])
        #expect(try await found("好") == [weather.id])
        #expect(try await found("气天").isEmpty)
        #expect(try await found("出行") == [weather.id])
        #expect(try await found("quicks") == [code.id])
        #expect(try await found("PARTITION") == [code.id])
        #expect(try await found("排序 partition") == [code.id])

        try await store.deleteConversation(weather.id)
        #expect(try await found("天气").isEmpty)
    }

    @Test func aRenamedConversationIsFoundByItsNewNameOnly() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(title: "旧名字", model: "m"))
        _ = try await temporary.store.changeConversation(chat.id, ConversationChange(title: "新标题"))
        #expect(try await temporary.store.conversations(search: "旧名").isEmpty)
        #expect(try await temporary.store.conversations(search: "标题").count == 1)
    }

    /// The query language of the index must not be reachable, nor wildcards that cost much.
    @Test(arguments: ["\"* OR NEAR(", "？！", "*", "%", "_", "title:x", "- -", "(", "^", "NOT", "\u{0}", "a\"b"])
    func aSearchIsWordsAndNothingElse(text: String) async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(title: "无关 c", model: "m"))
        _ = try await temporary.store.addMessage(to: chat.id, parent: nil, role: .user, content: "无关 d")
        #expect(try await temporary.store.conversations(search: text).isEmpty)
    }

    @Test func aSearchOfManyWordsIsCutShort() async throws {
        let temporary = try TemporaryStore()
        let words = String(repeating: "w ", count: 100_000)
        #expect(try await temporary.store.conversations(search: words).isEmpty)
    }

    @Test func showsTheTextAroundTheFirstHit() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        let text = String(repeating: "前", count: 50) + "\n天气" + String(repeating: "后", count: 100)
        _ = try await temporary.store.addMessage(to: chat.id, parent: nil, role: .user, content: text)
        let snippet = try await temporary.store.conversations(search: "天气").first?.snippet
        #expect(
            snippet == "…" + String(repeating: "前", count: 19) + " 天气" + String(repeating: "后", count: 68) + "…")
    }
}
