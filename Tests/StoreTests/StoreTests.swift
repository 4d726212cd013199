import Dialogue
import Foundation
import JSON
import Store
import Testing

/// A store in a folder of its own, with a clock that ticks by one at each reading.
struct TemporaryStore: ~Copyable {
    let folder: URL
    let store: Store

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "danlu-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try Store(path: folder.appending(path: "t.sqlite").path)
    }

    var path: String { folder.appending(path: "t.sqlite").path }

    deinit {
        try? store.close()
        try? FileManager.default.removeItem(at: folder)
    }
}

@Suite struct StoreTests {
    @Test func keepsATreeOfMessagesAndShowsOneBranch() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let chat = try await store.createConversation(NewConversation(title: "试", model: "m"))
        let question = try await store.addMessage(to: chat.id, parent: nil, role: .user, content: "一")
        let first = try await store.addMessage(to: chat.id, parent: question.id, role: .assistant, content: "甲")
        let more = try await store.addMessage(to: chat.id, parent: first.id, role: .user, content: "二")
        let second = try await store.addMessage(to: chat.id, parent: question.id, role: .assistant, content: "乙")

        var page = try await store.page(of: chat.id)
        #expect(page.messages.map(\.content) == ["一", "乙"] && !page.hasMore)
        #expect(page.messages[1].siblings == [first.id, second.id])

        #expect(try await store.showBranch(through: first.id) == more.id)
        page = try await store.page(of: chat.id, limit: 2)
        #expect(page.messages.map(\.content) == ["甲", "二"] && page.hasMore)
        page = try await store.page(of: chat.id, before: first.id)
        #expect(page.messages.map(\.content) == ["一"])

        let other = try await store.createConversation(NewConversation(model: "m"))
        await #expect(throws: StoreError.self) {
            try await store.addMessage(to: other.id, parent: first.id, role: .user, content: "x")
        }
        await #expect(throws: StoreError.self) {
            try await store.changeConversation(other.id, ConversationChange(leaf: first.id))
        }
    }

    @Test func marksAnswersThatACrashCutOff() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        let answer = try await temporary.store.addMessage(
            to: chat.id, parent: nil, role: .assistant, content: "", status: .streaming)
        try await temporary.store.updateAnswer(answer.id, content: "半", reasoning: "")
        let reopened = try Store(path: temporary.path)
        let kept = try await reopened.message(answer.id)
        #expect(kept.status == .interrupted && kept.content == "半")
    }

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
        #expect(try await found("\"* OR NEAR(").isEmpty)
        #expect(try await found("？！").isEmpty)
        let snippet = try await store.conversations(search: "天气").first?.snippet
        #expect(snippet == "明天北京的天气好不好？")

        try await store.deleteConversation(weather.id)
        #expect(try await found("天气").isEmpty)
    }

    @Test func pagesTheListByTime() async throws {
        let temporary = try TemporaryStore()
        var ids: [String] = []
        for number in 0..<7 {
            ids.append(try await temporary.store.createConversation(NewConversation(title: "\(number)", model: "m")).id)
        }
        let first = try await temporary.store.conversations(limit: 3).map(\.conversation.id)
        let second = try await temporary.store.conversations(before: first[2], limit: 10).map(\.conversation.id)
        #expect(Set(first + second) == Set(ids) && first.count == 3 && second.count == 4)
    }

    @Test func opensTenThousandMessagesInAFewMilliseconds() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        try await temporary.store.fill(chat.id, messages: 10_000)
        let clock = ContinuousClock()
        let start = clock.now
        let page = try await temporary.store.page(of: chat.id, limit: 100)
        #expect(clock.now - start < .milliseconds(300))
        #expect(page.messages.count == 100 && page.messages.last?.content == "第9999条" && page.hasMore)
    }

    @Test func keepsTheLastRatingOfAnAnswer() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        let question = try await temporary.store.addMessage(to: chat.id, parent: nil, role: .user, content: "?")
        let answer = try await temporary.store.addMessage(to: chat.id, parent: question.id, role: .assistant, content: "!")
        _ = try await temporary.store.rate(answer.id, Rating(thumb: .up))
        let rated = try await temporary.store.rate(answer.id, Rating(thumb: .down, comment: "太长"))
        #expect(rated.rating == Rating(thumb: .down, comment: "太长"))
        #expect(try await temporary.store.rate(answer.id, nil).rating == nil)
        await #expect(throws: StoreError.self) { try await temporary.store.rate(question.id, Rating(thumb: .up)) }
    }

    @Test func keepsHashesOfKeysAndNotKeys() async throws {
        let temporary = try TemporaryStore()
        let (record, key) = try await temporary.store.createKey(name: "笔记本")
        #expect(try await temporary.store.key(matching: key)?.id == record.id)
        #expect(try await temporary.store.key(matching: key + "x") == nil)
        #expect(try await temporary.store.key(matching: "") == nil)
        try await temporary.store.noteUse(ofKey: record.id)
        #expect(try await temporary.store.keys().first?.lastUsedAt != nil)
        for file in try FileManager.default.contentsOfDirectory(at: temporary.folder, includingPropertiesForKeys: nil) {
            #expect(try Data(contentsOf: file).range(of: Data(key.utf8)) == nil)
        }
        try await temporary.store.revokeKey(record.id)
        #expect(try await temporary.store.key(matching: key) == nil)
        await #expect(throws: StoreError.self) { try await temporary.store.revokeKey(record.id) }
    }

    @Test func saysWhatIsTooLargeOrMissing() async throws {
        let temporary = try TemporaryStore()
        await #expect(throws: StoreError.tooLarge(field: "title", size: 201, limit: 200)) {
            try await temporary.store.createConversation(
                NewConversation(title: String(repeating: "长", count: 201), model: "m"))
        }
        await #expect(throws: StoreError.notFound(what: "conversation", id: "x")) {
            try await temporary.store.conversation("x")
        }
        #expect(throws: StoreError.self) { try Store(path: "/nowhere/at/all.sqlite") }
    }
}
