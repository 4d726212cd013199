import Corpus
import Testing

@Suite struct ChatTests {
    private func read(_ name: String, _ text: String) throws -> (texts: [String], kinds: [String?], faults: [String]) {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let (documents, faults) = try RawReaderTests.read(folder.write(name, text))
        return (RawReaderTests.texts(documents), documents.map { $0.metadata["kind"] }, faults)
    }

    @Test(arguments: [
        "12/31/25, 10:01 PM - Ann: hi\n12/31/25, 10:02 PM - Bob: yo\nmore\n1/1/26, 0:01 AM - Ann: bye\n",
        "[31/12/25, 22:01:05] Ann: hi\n[31/12/25, 22:01:09] Bob: yo\nmore\n[31/12/25, 22:01:15] Ann: bye\n",
        "2025-12-31 22:01:05 Ann(123)\nhi\n\n2025-12-31 22:01:07 Bob<b@x>\nyo\nmore\n\n"
            + "2025-12-31 22:02:00 Ann(123)\nbye\n",
        "Ann 2025年12月31日 22:01\nhi\nBob 2025年12月31日 下午 10:02\nyo\nmore\nAnn 2025/12/31 22:03\nbye\n",
    ])
    func exportedTextsBecomeTurns(text: String) throws {
        let (texts, kinds, _) = try read("a.txt", text)
        #expect(texts == ["Ann: hi\nBob: yo\nmore\nAnn: bye"])
        #expect(kinds == ["dialogue"])
    }

    @Test(arguments: [
        "2025-12-31 22:01:05 INFO: started\n2025-12-31 22:01:06 INFO: ended\n2025-12-31 22:01:07 WARN: x\n",
        "2025-12-31 22:01:05 started\n2025-12-31 22:01:06 ended\n2025-12-31 22:01:07 again\n",
        "We met at 10:30 and left at 11:45.\nThat was on 12/31/25, 10:01 in fact.\n", "词：1:00 到 2:30\n",
    ])
    func otherTextsStayAsTheyAre(text: String) throws {
        let (texts, kinds, _) = try read("a.txt", text)
        #expect(texts == [text.trimmingSuffix()] && kinds == [nil])
    }

    @Test func exportedObjectsBecomeTurns() throws {
        let slack = #"[{"user": "U1", "text": "hi", "ts": "1"}, {"user": "U2", "text": "yo"}, {"type": "x"}]"#
        let (texts, _, faults) = try read("a.json", slack)
        #expect(texts == ["U1: hi\nU2: yo"] && faults.count == 1)
        let telegram =
            #"{"name": "c", "messages": [{"from": "A", "text": ["x", {"text": "y"}]}, {"from": "B", "text": ""}]}"#
        #expect(try read("b.json", telegram).texts == ["A: xy"])
        let gpt = """
            [{"title": "t", "mapping": {"r": {"message": null, "parent": null, "children": ["u"]},
            "u": {"message": {"author": {"role": "user"}, "content": {"parts": ["q"]}, "create_time": 1}, "parent": "r",
            "children": ["x", "y"]}, "x": {"message": {"author": {"role": "assistant"}, "content": {"parts": ["old"]},
            "create_time": 2}, "parent": "u", "children": []}, "y": {"message": {"author": {"role": "assistant"},
            "content": {"parts": ["new"]}, "create_time": 3}, "parent": "u", "children": []}}}]
            """
        #expect(try read("c.json", gpt).texts == ["user: q\nassistant: new"])
        let documents = #"[{"text": "one"}, {"title": "T", "content": "two"}, "three", 4]"#
        #expect(try read("d.json", documents).texts == ["one", "two", "three"])
        #expect(try read("e.json", #"{"text": "alone"}"#).texts == ["alone"])
        #expect(try read("f.json", "{broken").faults.count == 1)
        #expect(try read("g.json", #"[{"mapping": {"a": {"parent": "a", "children": []}}}]"#).texts.isEmpty)
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String { hasSuffix("\n") ? String(dropLast()) : self }
}
