import Dialogue
import Foundation
import GRDB
import Store
import Testing

@Suite struct StoreTests {
    @Test func marksAnswersThatACrashCutOff() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        let answer = try await temporary.store.addMessage(
            to: chat.id, parent: nil, role: .assistant, content: "", status: .streaming)
        try await temporary.store.updateAnswer(answer.id, content: "半", reasoning: "")

        // `danlu keys` beside the running server.
        let other = try Store(path: temporary.path)
        #expect(try await other.message(answer.id).status == .streaming)

        // The server again, after the crash.
        try await other.markInterruptedAnswers()
        let kept = try await other.message(answer.id)
        #expect(kept.status == .interrupted && kept.content == "半")
        try other.close()
    }

    @Test func keepsAWriteAheadLogAndFlushesEachTransaction() async throws {
        let temporary = try TemporaryStore()
        _ = try await temporary.store.createConversation(NewConversation(model: "m"))
        let reader = try DatabaseQueue(path: temporary.path)
        let mode = try await reader.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
        #expect(mode == "wal")
        #expect(try await temporary.store.integrity() == "ok")
        #expect(try await temporary.store.synchronous() == 2)
    }

    @Test func saysThatTheDiskIsFullAndGoesOnWhenItIsNot() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let chat = try await store.createConversation(NewConversation(model: "m"))
        let kept = try await store.addMessage(to: chat.id, parent: nil, role: .user, content: "一")
        try await store.fillDisk()
        let long = String(repeating: "字", count: 200_000)
        await #expect(throws: StoreError.diskFull(path: temporary.path)) {
            try await store.addMessage(to: chat.id, parent: kept.id, role: .assistant, content: long)
        }
        #expect(try await store.page(of: chat.id).messages.map(\.id) == [kept.id])
        #expect(try await store.integrity() == "ok")
        try await store.emptyDisk()
        let next = try await store.addMessage(to: chat.id, parent: kept.id, role: .assistant, content: long)
        #expect(try await store.page(of: chat.id).messages.map(\.id) == [kept.id, next.id])
    }

    @Test func saysThatTheDatabaseMayNotBeWritten() async throws {
        let temporary = try TemporaryStore()
        let chat = try await temporary.store.createConversation(NewConversation(model: "m"))
        try await temporary.store.refuseWrites()
        await #expect(throws: StoreError.readOnly(path: temporary.path)) {
            try await temporary.store.changeConversation(chat.id, ConversationChange(title: "新"))
        }
        #expect(try await temporary.store.conversation(chat.id).title == "")
    }

    @Test func saysWhyAFileIsNoDatabase() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "danlu-open-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "t.sqlite").path
        try Data(repeating: 0x41, count: 5000).write(to: URL(filePath: path))
        #expect(throws: StoreError.cannotOpen(path: path, reason: "it is no SQLite database")) { try Store(path: path) }
        #expect(throws: StoreError.self) { try Store(path: "/nowhere/at/all.sqlite") }
    }

    @Test func refusesADatabaseOfANewerVersion() async throws {
        let temporary = try TemporaryStore()
        let queue = try DatabaseQueue(path: temporary.path)
        try await queue.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 of tomorrow')")
        }
        #expect(throws: StoreError.fromNewerVersion(path: temporary.path)) { try Store(path: temporary.path) }
    }

    @Test func identifiersAreOrderedByTimeAndDiffer() async throws {
        let first = Store.timeOrderedID()
        try await Task.sleep(for: .milliseconds(3))
        let ids = (0..<1000).map { _ in Store.timeOrderedID() }
        #expect(ids.allSatisfy { $0.count == 32 && $0 > first } && Set(ids).count == 1000)
    }

    @Test func errorsNameTheFileAndTheRemedy() {
        let errors: [(StoreError, String)] = [
            (.diskFull(path: "/d/x"), "the disk of /d/x is full; make room and try again"),
            (.readOnly(path: "/d/x"), "/d/x may not be written; check its permissions and those of its folder"),
            (.busy(path: "/d/x"), "another program holds /d/x; close it and try again"),
            (.notFound(what: "message", id: "1"), "no message with the id 1"),
            (.tooLarge(field: "title", size: 201, limit: 200), "title is 201 long, the limit is 200"),
        ]
        for (error, text) in errors { #expect(error.description == text) }
    }
}
