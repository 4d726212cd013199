import Kernels

/// Where the runs' tokens lie among the rows of a step, and which rows the last layer keeps.
///
///     rows  a0 a1 a2 b0 c0 c1         runs a (last logits), b (nothing), c (all logits)
///     kept        a2    c0 c1         then rows 0, 1, 2
///
/// Runs with the same adapters lie side by side, so that each adapter's matrices are read once.
struct StepPlan {
    let tokens: [Int32]
    let positions: [Int]
    let runs: [AttentionRun]
    /// Ascending.
    let keptRows: [Int]
    /// The kept rows of each run that keeps some; rows are counted among the kept.
    let keptRuns: [AttentionRun]
    /// For each run: its rows among the kept.
    let keptRanges: [Range<Int>]
    /// For each run: its rows in the matrix of what it wants.
    let outputRanges: [Range<Int>]
    let logitRows: Int
    let hiddenRows: Int
    /// The rows that adapters change.
    let adapted: [AdaptedRows]
    /// The same among the kept.
    let keptAdapted: [AdaptedRows]

    init(_ wanted: [TokenRun]) {
        var tokens: [Int32] = []
        var positions: [Int] = []
        var runs: [AttentionRun] = []
        var keptRows: [Int] = []
        var keptRuns: [AttentionRun] = []
        var keptRanges = Array(repeating: 0..<0, count: wanted.count)
        var outputRanges = keptRanges
        var adapted: [AdaptedRows] = []
        var keptAdapted: [AdaptedRows] = []
        var (logitRows, hiddenRows) = (0, 0)
        for index in Self.order(wanted) {
            let run = wanted[index]
            let kept = run.wantedTokens
            if !run.tokens.isEmpty {
                runs.append(
                    AttentionRun(
                        firstRow: tokens.count, tokens: run.tokens.count, firstPosition: run.firstPosition,
                        pages: run.pages))
            }
            if !kept.isEmpty {
                keptRuns.append(
                    AttentionRun(
                        firstRow: keptRows.count, tokens: kept.count,
                        firstPosition: run.firstPosition + kept.lowerBound, pages: run.pages))
            }
            Self.add(run.adapters, tokens.count..<tokens.count + run.tokens.count, to: &adapted)
            Self.add(run.adapters, keptRows.count..<keptRows.count + kept.count, to: &keptAdapted)
            keptRanges[index] = keptRows.count..<keptRows.count + kept.count
            if run.wants == .hiddenStates {
                outputRanges[index] = hiddenRows..<hiddenRows + kept.count
                hiddenRows += kept.count
            } else {
                outputRanges[index] = logitRows..<logitRows + kept.count
                logitRows += kept.count
            }
            keptRows += kept.map { tokens.count + $0 }
            positions += run.tokens.indices.map { run.firstPosition + $0 }
            tokens += run.tokens
        }
        self.tokens = tokens
        self.positions = positions
        self.runs = runs
        self.keptRows = keptRows
        self.keptRuns = keptRuns
        self.keptRanges = keptRanges
        self.outputRanges = outputRanges
        self.logitRows = logitRows
        self.hiddenRows = hiddenRows
        self.adapted = adapted
        self.keptAdapted = keptAdapted
    }

    /// The runs' places in the order they came, but for adapters: each run follows the first with the same ones.
    private static func order(_ runs: [TokenRun]) -> [Int] {
        guard runs.contains(where: { !$0.adapters.isEmpty }) else { return Array(runs.indices) }
        var groups: [[Int]] = []
        for index in runs.indices {
            let group = groups.firstIndex { runs[$0[0]].adapters == runs[index].adapters }
            if let group { groups[group].append(index) } else { groups.append([index]) }
        }
        return groups.flatMap(\.self)
    }

    /// - Parameter rows: follow all that were added before.
    private static func add(_ uses: [AdapterUse], _ rows: Range<Int>, to adapted: inout [AdaptedRows]) {
        guard !uses.isEmpty, !rows.isEmpty else { return }
        if let last = adapted.last, last.uses == uses, last.rows.upperBound == rows.lowerBound {
            adapted[adapted.count - 1].rows = last.rows.lowerBound..<rows.upperBound
        } else {
            adapted.append(AdaptedRows(uses: uses, rows: rows))
        }
    }
}
