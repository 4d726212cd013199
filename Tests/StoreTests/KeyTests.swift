import Foundation
import Store
import Testing

@Suite struct KeyTests {
    @Test func keepsHashesOfKeysAndNotKeys() async throws {
        let temporary = try TemporaryStore()
        let (record, key) = try await temporary.store.createKey(name: "笔记本")
        #expect(key.hasPrefix("dl-") && key.count == 46)
        #expect(try await temporary.store.key(matching: key)?.id == record.id)
        #expect(try await temporary.store.key(matching: key + "x") == nil)
        #expect(try await temporary.store.key(matching: "") == nil)
        for file in try FileManager.default.contentsOfDirectory(at: temporary.folder, includingPropertiesForKeys: nil) {
            #expect(try Data(contentsOf: file).range(of: Data(key.utf8)) == nil)
        }
        try await temporary.store.revokeKey(record.id)
        #expect(try await temporary.store.key(matching: key) == nil)
        await #expect(throws: StoreError.self) { try await temporary.store.revokeKey(record.id) }
    }

    /// A key check that pastes the key into SQL has let strangers in elsewhere.
    @Test(arguments: [
        "' OR '1'='1", "\" OR 1=1 --", "%", "_", "*", "\u{0}", "dl-", String(repeating: "A", count: 100_000),
    ])
    func textThatIsNoKeyIsNoKey(text: String) async throws {
        let temporary = try TemporaryStore()
        _ = try await temporary.store.createKey(name: "a")
        #expect(try await temporary.store.key(matching: text) == nil)
        #expect(try await temporary.store.keys().count == 1)
    }

    @Test func notesUseOnceAMinute() async throws {
        let temporary = try TemporaryStore()
        let key = try await temporary.store.createKey(name: "a").record
        try await temporary.store.noteUse(of: key)
        let used = try await temporary.store.keys()[0]
        #expect(used.lastUsedAt != nil)
        try await temporary.store.noteUse(of: used)
        #expect(try await temporary.store.keys()[0].lastUsedAt == used.lastUsedAt)
    }

    @Test func aKeyNeedsAName() async throws {
        let temporary = try TemporaryStore()
        await #expect(throws: StoreError.invalid(field: "name", expected: "a name")) {
            try await temporary.store.createKey(name: " ")
        }
    }
}
