import Kernels

/// Where the runs' tokens lie among the rows of a step, and which rows the last layer keeps.
///
///     rows  a0 a1 a2 b0 c0 c1         runs a (last logits), b (nothing), c (all logits)
///     kept        a2    c0 c1         then rows 0, 1, 2
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

    init(_ wanted: [TokenRun]) {
        var tokens: [Int32] = []
        var positions: [Int] = []
        var runs: [AttentionRun] = []
        var keptRows: [Int] = []
        var keptRuns: [AttentionRun] = []
        var keptRanges: [Range<Int>] = []
        var outputRanges: [Range<Int>] = []
        var (logitRows, hiddenRows) = (0, 0)
        for run in wanted {
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
            keptRanges.append(keptRows.count..<keptRows.count + kept.count)
            if run.wants == .hiddenStates {
                outputRanges.append(hiddenRows..<hiddenRows + kept.count)
                hiddenRows += kept.count
            } else {
                outputRanges.append(logitRows..<logitRows + kept.count)
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
    }
}
