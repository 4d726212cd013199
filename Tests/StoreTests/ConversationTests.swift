import Dialogue
import JSON
import Store
import Testing

@Suite struct ConversationTests {
    @Test func changesWhatIsNamedAndNothingElse() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let chat = try await store.createConversation(
            NewConversation(title: "旧", model: "m", system: "s", sampling: ["temperature": 0.5]))
        let changed = try await store.changeConversation(chat.id, ConversationChange(title: "新"))
        var expected = chat
        expected.title = "新"
        #expect(changed == expected)
        #expect(try await store.conversation(chat.id) == expected)
    }

    @Test func pagesTheListByTime() async throws {
        let temporary = try TemporaryStore()
        var ids: [String] = []
        for number in 0..<7 {
            ids.append(try await temporary.store.createConversation(NewConversation(title: "\(number)", model: "m")).id)
        }
        let first = try await temporary.store.conversations(limit: 3).map(\.conversation.id)
        let second = try await temporary.store.conversations(before: first[2], limit: 10).map(\.conversation.id)
        #expect(first + second == ids.reversed())
    }

    @Test func ownersSeeTheirOwnOnly() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let mine = try await store.createConversation(NewConversation(owner: "甲", title: "天气", model: "m"))
        let yours = try await store.createConversation(NewConversation(owner: "乙", title: "天气", model: "m"))
        #expect(try await store.conversations(of: "甲").map(\.conversation.id) == [mine.id])
        #expect(try await store.conversations(of: "乙", search: "天气").map(\.conversation.id) == [yours.id])
        #expect(try await store.conversations().isEmpty)
    }

    @Test func deletesATreeDeeperThanTriggersGo() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let chat = try await store.createConversation(NewConversation(model: "m"))
        try await store.fill(chat.id, messages: 10_000)
        let last = try await store.page(of: chat.id, limit: 1).messages[0]
        _ = try await store.rate(last.id, Rating(thumb: .up))
        try await store.deleteConversation(chat.id)
        await #expect(throws: StoreError.notFound(what: "message", id: last.id)) { try await store.message(last.id) }
        await #expect(throws: StoreError.notFound(what: "conversation", id: chat.id)) {
            try await store.deleteConversation(chat.id)
        }
        #expect(try await store.rows() == ["conversation": 0, "message": 0, "rating": 0, "messageSearch": 0])
        #expect(try await store.integrity() == "ok")
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
    }
}
