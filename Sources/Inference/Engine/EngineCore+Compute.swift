import Kernels

extension EngineCore {
    /// One step: copies, the model, and what its rows mean.
    func compute(
        _ step: Step, _ requests: [SequenceID: ActiveRequest], _ runner: any StepRunner, _ scratch: [SamplingScratch]
    ) -> [StepOutcome] {
        for copy in step.copies { runner.copyPage(from: copy.source, to: copy.target) }
        let output = runner.run(step.runs)
        let rows = evaluate(step, requests, output, runner, scratch)
        return step.runs.indices.compactMap { index in
            let run = step.runs[index]
            guard let request = requests[run.sequence] else { return nil }
            if run.wants == .hiddenStates {
                let hidden = output.hidden.rows(output.ranges[index])
                return request.outcome(of: run, hidden: EvaluatedRow.Hidden(rows: hidden))
            }
            return request.outcome(of: run, rows: rows[index])
        }
    }

    /// Rows of logits and what they are for.
    private struct Job {
        let run: Int
        let rows: Range<Int>
        let request: ActiveRequest
        let purpose: ActiveRequest.RowPurpose
        /// What was proposed to follow all rows but the last. Such rows are one job: each depends on the one before.
        var proposals: ArraySlice<Int32> = []
    }

    /// Samples and scores all rows, on all workers: one row takes a fraction of a millisecond, but there can be many.
    ///
    /// - Returns: for each run, its rows' results in order.
    private func evaluate(
        _ step: Step, _ requests: [SequenceID: ActiveRequest], _ output: StepRows, _ runner: any StepRunner,
        _ scratch: [SamplingScratch]
    ) -> [[EvaluatedRow]] {
        var jobs: [Job] = []
        for (index, run) in step.runs.enumerated() where run.wants == .lastLogits || run.wants == .allLogits {
            guard let request = requests[run.sequence] else { continue }
            if run.proposals > 0 {
                jobs.append(
                    Job(
                        run: index, rows: output.ranges[index], request: request, purpose: .choose,
                        proposals: run.tokens.suffix(run.proposals)))
                continue
            }
            for (place, row) in output.ranges[index].enumerated() {
                if let purpose = request.purpose(ofRow: place, in: run) {
                    jobs.append(Job(run: index, rows: row..<row + 1, request: request, purpose: purpose))
                }
            }
        }
        var results = [[EvaluatedRow]](repeating: [], count: jobs.count)
        results.withUnsafeMutableBufferPointer { results in
            runner.forEach(count: jobs.count) { item, worker in
                let job = jobs[item]
                let logits = output.logits.rows(job.rows)
                if job.proposals.isEmpty {
                    let input = EvaluatedRow.Input(logits: logits, scratch: scratch[worker])
                    results[item] = [job.request.evaluate(job.purpose, input)]
                } else {
                    results[item] = job.request.choose(logits, proposals: job.proposals, scratch: scratch[worker])
                }
            }
        }
        var rows = [[EvaluatedRow]](repeating: [], count: step.runs.count)
        for (job, result) in zip(jobs, results) { rows[job.run] += result }
        return rows
    }
}
