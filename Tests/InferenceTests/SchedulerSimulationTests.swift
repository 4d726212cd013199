import Inference
import Kernels
import Testing

/// Thousands of random arrivals, cancellations and endings, with everything checked at every step.
@Suite struct SchedulerSimulationTests {
    @Test(arguments: 0..<6)
    func holdsItsPromises(batch: Int) {
        var seen = Simulation.Seen()
        for number in 0..<100 {
            var simulation = Simulation(seed: UInt64(batch * 1000 + number))
            simulation.run()
            seen.add(simulation.seen)
        }
        // A simulation in which nothing happens proves nothing.
        #expect(seen.preemptions > 0 && seen.copies > 0 && seen.waits > 0 && seen.takeovers > 0, "\(seen)")
        #expect(seen.accepted > 0 && seen.proposed > seen.accepted, "\(seen)")
    }
}

/// One random story, told by its seed.
private struct Simulation {
    let seed: UInt64
    var random: RandomSource
    var prompts: Prompts
    var scheduler: Scheduler
    var memory: PageMemory
    /// What every sequence's tokens must be.
    var expected: [SequenceID: [Int32]] = [:]
    var endings: [SequenceID: Int] = [:]
    var lastID: SequenceID = 0
    let contextTokens: Int
    let requests: Int
    var isSpeculative: Bool { seed % 2 == 1 }
    var seen = Seen()

    /// How often the rare things happened.
    struct Seen {
        var preemptions = 0
        var copies = 0
        /// Sequences with pages that wait for another's work.
        var waits = 0
        /// Nodes whose computer went away and that another computed.
        var takeovers = 0
        var proposed = 0
        var accepted = 0

        mutating func add(_ other: Seen) {
            preemptions += other.preemptions
            copies += other.copies
            waits += other.waits
            takeovers += other.takeovers
            proposed += other.proposed
            accepted += other.accepted
        }
    }

    init(seed: UInt64) {
        self.seed = seed
        var random = RandomSource(seed: seed)
        let pages = Int.random(in: 3...20, using: &random)
        contextTokens = Int.random(in: 64...pages * KVStorage.pageTokens, using: &random)
        prompts = Prompts(seed: seed &+ 1, tokensMax: contextTokens - 1)
        memory = PageMemory(pages: pages)
        scheduler = Scheduler(
            SchedulerLimits(
                pages: pages, sequencesMax: Int.random(in: 1...8, using: &random), queueMax: 40,
                prefillTokensMax: Int.random(in: 1...(Bool.random(using: &random) ? 20 : 200), using: &random),
                tokenGapSecondsMax: 0.1,
                scoreRowsMax: Int.random(in: 1...40, using: &random)))
        requests = Int.random(in: 10...60, using: &random)
        self.random = random
    }

    mutating func run() {
        var idleSteps = 0
        for step in 0..<100_000 {
            let isBurst = scheduler.isIdle || Int.random(in: 0..<12, using: &random) == 0
            let arrivals = isBurst ? min(Int.random(in: 1...10, using: &random), requests - Int(lastID)) : 0
            for _ in 0..<arrivals { arrive() }
            if Int.random(in: 0..<25, using: &random) == 0 { cancelOne() }
            if scheduler.isIdle && lastID >= UInt64(requests) { break }
            for (id, _) in scheduler.expire(now: 0) { end(id) }
            let abandoned = scheduler.tree.abandonedNodes
            var plan = scheduler.plan()
            checkStructure(plan)
            propose(in: &plan)
            seen.copies += plan.copies.count
            seen.takeovers += abandoned.count { node in
                scheduler.running.contains { scheduler.tree.state(of: node) == .computing($0) }
            }
            seen.waits += scheduler.running.count { id in
                scheduler.sequences[id].map { !$0.isPlaced } ?? false
            }
            if plan.runs.isEmpty && !scheduler.isIdle { idleSteps += 1 }
            compute(plan)
            #expect(step < 99_999, "seed \(seed): does not end")
        }
        seen.preemptions = scheduler.preemptions
        #expect(idleSteps == 0, "seed \(seed): \(idleSteps) steps without work")
        #expect(endings.count == requests && endings.values.allSatisfy { $0 == 1 }, "seed \(seed): a lost request")
        #expect(scheduler.pool.free + scheduler.tree.unusedPages == scheduler.pool.count, "seed \(seed): lost pages")
    }

    private mutating func arrive() {
        let prompt = prompts.next()
        let purpose: ScheduledSequence.Purpose =
            switch Int.random(in: 0..<10, using: &random) {
            case 0: .scoring
            case 1: .embedding
            default: .generation
            }
        let room = purpose == .embedding ? 0 : contextTokens - prompt.count
        lastID += 1
        expected[lastID] = prompt
        let owner = Int.random(in: 0..<3, using: &random) == 0 ? "b" : "a"
        let sequence = ScheduledSequence(
            id: lastID, owner: owner, purpose: purpose, prompt: prompt,
            answerTokensMax: Int.random(in: 0...room, using: &random))
        do {
            try scheduler.submit(sequence)
        } catch {
            end(lastID)
        }
    }

    private mutating func cancelOne() {
        // Often the one that was admitted first: that is whom others wait for.
        let first = Int.random(in: 0..<3, using: &random) == 0 ? scheduler.running.first : nil
        guard let id = first ?? scheduler.sequences.keys.sorted().randomElement(using: &random) else { return }
        end(id)
    }

    private mutating func end(_ id: SequenceID) {
        scheduler.remove(id)
        endings[id, default: 0] += 1
    }

    /// Guesses for some of the answers; the bounds of the step hold with them.
    private mutating func propose(in plan: inout Step) {
        guard isSpeculative else { return }
        let preemptions = scheduler.preemptions
        var proposals: [SequenceID: [Int32]] = [:]
        for run in plan.runs where Scheduler.takesProposals(run) {
            let count = Int.random(in: 0...40, using: &random)
            proposals[run.sequence] = (0..<count).map { _ in Int32.random(in: 0..<50, using: &random) }
        }
        scheduler.propose(proposals, in: &plan)
        seen.proposed += plan.proposals
        #expect(scheduler.preemptions == preemptions, "seed \(seed): a proposal took another's memory")
        #expect(plan.proposals <= scheduler.limits.proposalsMax, "seed \(seed): \(plan.proposals) proposals")
        checkPages()
        checkStructure(plan)
    }

    private mutating func compute(_ plan: Step) {
        for copy in plan.copies { memory.copy(copy) }
        for run in plan.runs { memory.store(run) }
        for run in plan.runs {
            let end = run.firstPosition + run.tokens.count
            let stored = memory.tokens(run.pages, count: end)
            let wanted = ((expected[run.sequence] ?? []) + run.tokens.suffix(run.proposals)).prefix(end)
                .map(Optional.some)
            #expect(stored == Array(wanted), "seed \(seed): sequence \(run.sequence) reads another's memory")
        }
        // Someone may go away while the step is computed.
        if Int.random(in: 0..<30, using: &random) == 0 { cancelOne() }
        let seconds = Double.random(in: 0.001...0.1, using: &random)
        scheduler.commit(plan, seconds: seconds)
        for run in plan.runs {
            guard let sequence = scheduler.sequences[run.sequence], sequence.remaining == 0 else { continue }
            if run.wants == .lastLogits || (run.wants == .allLogits && sequence.answerTokensMax > 0) {
                let right = run.proposals > 0 ? Int.random(in: 0...run.proposals, using: &random) : 0
                seen.accepted += right
                let tokens = run.tokens.suffix(run.proposals).prefix(right) + [Int32.random(in: 0..<50, using: &random)]
                expected[run.sequence]? += tokens
                scheduler.append(Array(tokens), to: run.sequence)
                let generated = sequence.generated + tokens.count
                #expect(generated <= sequence.answerTokensMax, "seed \(seed): an answer too long")
                let stops = generated == sequence.answerTokensMax || Int.random(in: 0..<200, using: &random) == 0
                if stops { end(run.sequence) }
            } else {
                end(run.sequence)
            }
        }
    }

    /// What the tree says of a page is what is in it.
    private mutating func checkPages() {
        guard Int.random(in: 0..<10, using: &random) == 0 else { return }
        for (page, tokens) in scheduler.tree.readyPages {
            let stored = memory.tokens([page], count: tokens.count)
            #expect(stored == tokens.map(Optional.some), "seed \(seed): page \(page)")
        }
    }

    /// Every page is free, in the tree, or one sequence's own; users are counted; bounds are kept.
    private func checkStructure(_ plan: Step) {
        let tree = scheduler.tree
        var owned: [Int32] = tree.allPages
        var users: [PrefixTree.NodeID: Int] = [:]
        for id in scheduler.running {
            guard let sequence = scheduler.sequences[id] else { continue }
            for node in sequence.path { users[node, default: 0] += 1 }
            for (node, page) in zip(sequence.path, sequence.pages) {
                #expect(tree[node].page == page, "seed \(seed): a page table that is not its path's")
            }
            owned += sequence.pages.dropFirst(sequence.path.count)
        }
        #expect(Set(owned).count == owned.count, "seed \(seed): a page with two owners")
        #expect(owned.count + scheduler.pool.free == scheduler.pool.count, "seed \(seed): pages lost")
        let counts = tree.userCounts
        #expect(counts.filter { $0.value > 0 } == users, "seed \(seed): users are miscounted")
        #expect(counts.values.count { $0 == 0 } == tree.unusedPages, "seed \(seed): unused pages are miscounted")
        #expect(scheduler.running.count <= scheduler.limits.sequencesMax)
        #expect(plan.prefillTokens <= scheduler.limits.prefillTokensMax + scheduler.limits.sequencesMax)
        #expect(Set(plan.runs.map(\.sequence)).count == plan.runs.count, "seed \(seed): a sequence runs twice")
        let rows = plan.runs.reduce(0) { $0 + ($1.proposals == 0 && $1.wants == .allLogits ? $1.tokens.count : 0) }
        #expect(rows <= scheduler.limits.scoreRowsMax, "seed \(seed): \(rows) rows of scores")
        // Nothing that is written is shared with another run of the step.
        var written: Set<Int32> = []
        for run in plan.runs {
            let first = run.firstPosition / KVStorage.pageTokens
            for page in run.pages[first...] {
                #expect(written.insert(page).inserted, "seed \(seed): page \(page) is written twice")
            }
        }
    }
}

extension PrefixTree {
    private var allNodes: [(NodeID, Node)] {
        ["a", "b"].compactMap { root(of: $0) }.flatMap { descendants(of: $0) }
    }

    private func descendants(of id: NodeID) -> [(NodeID, Node)] {
        self[id].children.values.flatMap { [($0, self[$0])] + descendants(of: $0) }
    }

    fileprivate var abandonedNodes: [NodeID] { allNodes.filter { $0.1.state == .abandoned }.map(\.0) }
    fileprivate func state(of id: NodeID) -> State? { allNodes.first { $0.0 == id }?.1.state }
    fileprivate var allPages: [Int32] { allNodes.map { $0.1.page } }
    fileprivate var readyPages: [(page: Int32, tokens: [Int32])] {
        allNodes.filter { $0.1.state == .ready }.map { ($0.1.page, $0.1.tokens) }
    }
    fileprivate var userCounts: [NodeID: Int] {
        Dictionary(uniqueKeysWithValues: allNodes.map { ($0.0, $0.1.users) })
    }
}
