/// What one worker keeps from document to document: buffers, the scan of the present text, what the steps found.
/// Not thread-safe.
package final class Workspace {
    package var verdict = Verdict()
    /// For steps that write a text anew.
    package var buffer: [UInt8] = []
    package let repetition = RepetitionTables()
    /// Parts of documents that steps took out, and what they measured, since the last document began.
    package private(set) var trims: [Trim] = []
    package private(set) var measures: [(step: String, name: String, count: Int)] = []
    private let textScan = TextScan()
    private var isScanned = false

    package struct Trim {
        package var step: String
        package var rule: String
        package var parts: Int
        package var bytes: Int
    }

    package func begin(isExplaining: Bool) {
        verdict = Verdict(isExplaining: isExplaining)
        trims.removeAll(keepingCapacity: true)
        measures.removeAll(keepingCapacity: true)
        isScanned = false
    }

    /// The scan of a document's text, made when it is first asked for.
    package func scan(_ document: WashedDocument) -> TextScan {
        if !isScanned {
            textScan.scan(document.text)
            isScanned = true
        }
        return textScan
    }

    /// A step has changed the text.
    package func textChanged() { isScanned = false }

    /// Swaps what a step wrote into `buffer` with the text.
    package func takeBuffer(_ document: inout WashedDocument) {
        swap(&document.text, &buffer)
        textChanged()
    }

    /// A part of the text was taken out.
    package func trimmed(_ rule: String, parts: Int = 1, bytes: Int) {
        guard parts > 0 else { return }
        if let place = trims.firstIndex(where: { $0.rule == rule && $0.step == verdict.step }) {
            trims[place].parts += parts
            trims[place].bytes += bytes
        } else {
            trims.append(Trim(step: verdict.step, rule: rule, parts: parts, bytes: bytes))
        }
    }

    /// Something was counted that drops nothing.
    package func measured(_ name: String, _ count: Int) {
        if count > 0 { measures.append((verdict.step, name, count)) }
    }
}
