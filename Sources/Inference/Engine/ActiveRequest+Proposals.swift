import Kernels

/// Proposals for the answer: which can be, and which were right.
extension ActiveRequest {
    /// How many of the proposals, from the first, can follow the answer: none behind its end, and none that the form
    /// forbids to which it is held. What cannot follow is not worth computing.
    func admissible(_ proposals: [Int32]) -> Int {
        let room = max(0, tokensMax - answer.count - 1)
        var form = constraint
        return proposals.prefix(room).prefix { token in
            !request.stopTokens.contains(token) && form?.accept(token) ?? true
        }.count
    }

    /// Chooses as this request will, without its knowing.
    func draftChooser() -> DraftChooser { DraftChooser(sampler: sampler.drafting(), constraint: constraint) }

    /// Chooses the tokens of a run with proposals, row after row as long as the token chosen is the one proposed:
    /// exactly the tokens, scores and random numbers of as many steps without proposals.
    func choose(_ rows: Matrix, proposals: ArraySlice<Int32>, scratch: SamplingScratch) -> [EvaluatedRow] {
        var results: [EvaluatedRow] = []
        for (row, proposal) in (proposals.map(Optional.some) + [nil]).enumerated() {
            let result = evaluate(.choose, EvaluatedRow.Input(logits: rows.rows(row..<row + 1), scratch: scratch))
            results.append(result)
            guard case .chosen(let token, _) = result, token == proposal else { break }
        }
        return results
    }
}
