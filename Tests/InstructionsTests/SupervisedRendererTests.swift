import Assistant
import Dialogue
import Foundation
import Instructions
import JSON
import Templates
import Testing
import Tokens

@Suite struct SupervisedRendererTests {
    static let shared = ProcessInfo.processInfo.environment["DANLU_SHARED_DATA"]

    @Test func idsAndTargetsAreThoseOfTheReference() throws {
        let golden = try LessonGolden.ours()
        #expect(golden.templates.count == 9)
        for template in golden.templates {
            try Self.compare(golden, template, source: try LessonGolden.source(template))
        }
    }

    /// Eighteen model families; their templates are not kept here.
    @Test(.enabled(if: shared != nil, "DANLU_SHARED_DATA names no folder with templates/"))
    func familiesAreThoseOfTheReference() throws {
        let golden = try LessonGolden.families()
        #expect(golden.templates.count == 18)
        for template in golden.templates {
            let path = try #require(Self.shared) + "/templates/\(template).jinja"
            try Self.compare(golden, template, source: try String(contentsOfFile: path, encoding: .utf8))
        }
    }

    private static func compare(_ golden: LessonGolden, _ template: String, source: String) throws {
        let renderer = try golden.renderer(template, source: source)
        let serving = try golden.chatTemplate(template, source: source)
        let builder = PromptBuilder(
            tokenizer: golden.tokenizer, template: serving, contextTokens: 1 << 16, AssistantLimits())
        for item in try golden.cases(template) {
            let place: Comment = "\(template), conversation \(item.name)"
            do {
                let lessons = try renderer.render(item.example)
                let found = JSONValue.array(lessons.map(json))
                #expect(found == item.expected, place)
                for lesson in lessons where !source.contains("strftime_now") {
                    try expectServing(lesson, item.example, builder, place)
                }
            } catch let error as RenderingError {
                #expect(name(of: error) == item.expected.string, place)
            }
        }
    }

    /// Before each answer stand the ids that serving makes of the messages before it.
    private static func expectServing(
        _ lesson: RenderedExample, _ example: InstructionExample, _ builder: PromptBuilder, _ place: Comment
    ) throws {
        let prompts = try example.messages.indices.filter { example.messages[$0].role == .assistant }.map { answer in
            var request = ChatRequest(messages: Array(example.messages[..<answer]))
            request.tools = example.tools
            return try builder.build(request).tokens
        }
        let starts = lesson.isTarget.indices.filter { $0 > 0 && lesson.isTarget[$0] && !lesson.isTarget[$0 - 1] }
        #expect(!starts.isEmpty, place)
        for start in starts {
            #expect(prompts.contains(Array(lesson.tokens[..<start])), "\(place): what precedes token \(start)")
        }
    }

    private static func json(_ lesson: RenderedExample) -> JSONValue {
        var ranges: [JSONValue] = []
        var start: Int?
        for place in 0...lesson.tokens.count {
            let isTarget = place < lesson.tokens.count && lesson.isTarget[place]
            if isTarget, start == nil { start = place }
            if !isTarget, let first = start {
                ranges.append([.int(first), .int(place)])
                start = nil
            }
        }
        return ["ids": .array(lesson.tokens.map { .int(Int($0)) }), "targets": .array(ranges)]
    }

    private static func name(of error: RenderingError) -> String {
        switch error {
        case .template: "template"
        case .openingDiffers: "opening"
        case .noEndToken: "end"
        case .nothingWritten: "nothing"
        case .noAnswer: "answer"
        }
    }
}
