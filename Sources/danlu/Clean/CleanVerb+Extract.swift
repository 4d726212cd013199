import ArgumentParser
import Corpus
import Extraction
import Foundation
import JSON

extension CleanVerb {
    /// `danlu clean extract`: the main text of pages.
    struct Extract: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "extract",
            abstract: Language.text(zh: "提取网页正文，写到标准输出。", en: "The main text of pages, on standard output."),
            discussion: Language.text(
                zh: """
                    例：
                      danlu clean extract page.html
                      danlu clean extract a.html b.html --json      每页一行：file、title、date、language、text、seconds
                    """,
                en: """
                    Examples:
                      danlu clean extract page.html
                      danlu clean extract a.html b.html --json   a line a page: file, title, date, language, text
                    """))

        @Argument(help: .init(Language.text(zh: "网页文件；“-” 是标准输入。", en: "Pages; “-” is standard input.")))
        var files: [String]
        @Flag(help: .init(Language.text(zh: "每页一行 JSON。", en: "A line of JSON for each page."))) var json = false
        @Option(
            help: .init(
                Language.text(zh: "每页提取几次，seconds 取最快。", en: "Extractions of each page; seconds is the fastest.")))
        var `repeat` = 1

        func validate() throws {
            guard self.repeat >= 1 else {
                throw ValidationError(Language.text(zh: "--repeat 至少为 1", en: "--repeat must be at least 1"))
            }
        }

        func run() throws {
            var failures = 0
            for file in files {
                do {
                    let (page, seconds) = try extract(file)
                    Terminal.output(json ? line(file, page, seconds) : page.text)
                } catch {
                    failures += 1
                    let reason = "\(error)"
                    Terminal.note(reason.contains(file) ? reason : "\(file): \(reason)")
                    if json {
                        Terminal.output(
                            JSONValue.object(["file": .string(file), "error": .string("\(error)")]).serialized())
                    }
                }
            }
            if failures == files.count { throw ExitCode(1) }
        }

        /// From the bytes of the file to its text, in seconds of the processor.
        private func extract(_ file: String) throws -> (page: MainText, seconds: Double) {
            var best: (page: MainText, seconds: Double)?
            for _ in 0..<(file == "-" ? 1 : self.repeat) {
                let started = processorSeconds()
                let reader = try RawReader(RawFile(path: file, name: file, bytes: 0, format: .html))
                let document = try reader.next()
                guard let document else {
                    throw reader.faults.first
                        ?? CorpusError.passedOver(file: file, place: "", reason: "it is empty")
                }
                if best == nil { for fault in reader.faults { Terminal.note("\(fault)") } }
                let page = try HTMLExtraction.mainText(document.bytes)
                let seconds = processorSeconds() - started
                if seconds < best?.seconds ?? .infinity { best = (page, seconds) }
            }
            guard let best else { throw ExtractionError.noText }
            return best
        }

        private func processorSeconds() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
        }

        private func line(_ file: String, _ page: MainText, _ seconds: Double) -> String {
            let value: JSONValue = .object([
                "file": .string(file), "title": page.title.map { .string($0) } ?? .null,
                "date": page.date.map { .string($0) } ?? .null,
                "language": page.language.map { .string($0) } ?? .null, "text": .string(page.text),
                "seconds": .double(seconds),
            ])
            return value.serialized()
        }
    }
}
