import Dialogue
import Store
import Testing

@Suite struct MessageTests {
    @Test func keepsATreeAndShowsOneBranch() async throws {
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
        let all = try await store.allMessages(of: chat.id)
        #expect(all.map(\.id) == [question.id, first.id, more.id, second.id])
        #expect(all.map(\.siblings.count) == [1, 2, 1, 2])

        let other = try await store.createConversation(NewConversation(model: "m"))
        await #expect(throws: StoreError.self) {
            try await store.addMessage(to: other.id, parent: first.id, role: .user, content: "x")
        }
        await #expect(throws: StoreError.self) {
            try await store.changeConversation(other.id, ConversationChange(leaf: first.id))
        }
    }

    @Test func opensTenThousandMessagesInAFewMilliseconds() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        try await temporary.store.fill(chat.id, messages: 10_000)
        let clock = ContinuousClock()
        let start = clock.now
        let page = try await temporary.store.page(of: chat.id, limit: 100)
        let list = try await temporary.store.conversations()
        #expect(clock.now - start < .milliseconds(300))
        #expect(page.messages.count == 100 && page.messages.last?.content == "第9999条" && page.hasMore)
        #expect(list.map(\.messageCount) == [10_000])

        // The next answer reads the whole branch; the bound is for a machine that does much else.
        let read = clock.now
        let branch = try await temporary.store.branch(endingIn: page.messages[99].id, limit: 20_000)
        #expect(clock.now - read < .seconds(3))
        #expect(branch.count == 10_000 && branch.allSatisfy { $0.siblings == [$0.id] })
    }

    @Test func writesAnAnswerAsItGrowsAndItsEnd() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let chat = try await store.createConversation(NewConversation(model: "m"))
        let question = try await store.addMessage(to: chat.id, parent: nil, role: .user, content: "?")
        let answer = try await store.addMessage(
            to: chat.id, parent: question.id, role: .assistant, content: "", status: .streaming, model: "m")
        try await store.updateAnswer(answer.id, content: "春天", reasoning: "想")
        var read = try await store.message(answer.id)
        #expect(read.content == "春天" && read.reasoning == "想" && read.status == .streaming)
        let usage = AnswerUsage(
            promptTokens: 5, cachedTokens: 2, completionTokens: 3, tokensPerSecond: 20, firstTokenMilliseconds: 40)
        read = try await store.finishAnswer(
            answer.id, content: "春天来了", reasoning: "想", status: .stopped, error: nil, usage: usage)
        #expect(read.content == "春天来了" && read.status == .stopped && read.usage == usage)
        #expect(try await store.conversations(search: "来了").map(\.conversation.id) == [chat.id])
        try await store.deleteConversation(chat.id)
        await #expect(throws: StoreError.notFound(what: "message", id: answer.id)) {
            try await store.finishAnswer(answer.id, content: "", reasoning: "", status: .complete, usage: nil)
        }
    }

    @Test func keepsTheLastRatingOfAnAnswer() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        let question = try await temporary.store.addMessage(to: chat.id, parent: nil, role: .user, content: "?")
        let answer = try await temporary.store.addMessage(
            to: chat.id, parent: question.id, role: .assistant, content: "!")
        _ = try await temporary.store.rate(answer.id, Rating(thumb: .up))
        let rated = try await temporary.store.rate(answer.id, Rating(thumb: .down, comment: "太长"))
        #expect(rated.rating == Rating(thumb: .down, comment: "太长"))
        #expect(try await temporary.store.rate(answer.id, nil).rating == nil)
        await #expect(throws: StoreError.self) { try await temporary.store.rate(question.id, Rating(thumb: .up)) }
        await #expect(throws: StoreError.tooLarge(field: "comment", size: 2001, limit: 2000)) {
            try await temporary.store.rate(answer.id, Rating(thumb: .up, comment: String(repeating: "x", count: 2001)))
        }
    }
}
