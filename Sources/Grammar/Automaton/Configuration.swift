/// A state of an automaton that is at work, and for states that count, how far they have counted.
struct Frame: Hashable, Sendable {
    var state: Int32
    var count: Int32 = 0
}

/// Open rules, the innermost last: its state reads the next byte, the others wait. An empty stack has ended.
typealias Stack = [Frame]

/// All ways in which what was read can be read: stacks whose last state reads bytes, or that have ended.
struct Configuration: Hashable, Sendable {
    var stacks: [Stack]

    /// Nothing that comes now could be right.
    var isDead: Bool { stacks.isEmpty }
    /// What was read is whole.
    var hasEnded: Bool { stacks.first?.isEmpty ?? false }
}

extension Automaton {
    var initial: Configuration { closed([[Frame(state: start)]]) }

    /// Reads one byte.
    func step(_ configuration: Configuration, _ byte: UInt8) -> Configuration {
        var next: [Stack] = []
        for stack in configuration.stacks {
            guard let top = stack.last, let to = target(of: top.state, byte) else { continue }
            var moved = stack
            moved[moved.count - 1].state = to
            next.append(moved)
        }
        return next.isEmpty ? Configuration(stacks: []) : closed(next)
    }

    func target(of state: Int32, _ byte: UInt8) -> Int32? {
        let edges = states[Int(state)].edges
        var (low, high) = (Int(edges.lowerBound), Int(edges.upperBound))
        while low < high {
            let middle = (low + high) / 2
            let edge = byteEdges[middle]
            if byte < edge.low {
                high = middle
            } else if byte > edge.high {
                low = middle + 1
            } else {
                return edge.to
            }
        }
        return nil
    }

    /// The stacks that these become before the next byte is read: rules that are called now are entered, rules that
    /// may end now are left. Each stack once, in an order of their own, an ended one first.
    ///
    /// Terminates because no rule begins with itself. Where there are more readings than `stacksMax` all are given up:
    /// part of them would be a wrong answer.
    func closed(_ stacks: [Stack]) -> Configuration {
        // The usual case: one stack whose top only reads.
        if stacks.count == 1, let top = stacks[0].last, isPlain(top) { return Configuration(stacks: stacks) }
        var seen = Set(stacks)
        var open = Array(seen)
        var found: [Stack] = []
        func visit(_ stack: Stack) {
            if stack.count <= framesMax, seen.insert(stack).inserted { open.append(stack) }
        }
        while let stack = open.popLast() {
            guard seen.count <= stacksMax * Self.visitsPerStackMax, found.count <= stacksMax else {
                return Configuration(stacks: [])
            }
            guard let top = stack.last else {
                found.append(stack)
                continue
            }
            let state = states[Int(top.state)]
            if state.count >= 0 {
                enter(counts[Int(state.count)], top, stack, visit)
                continue
            }
            if !state.edges.isEmpty { found.append(stack) }
            for place in state.calls {
                let call = calls[Int(place)]
                var entered = stack
                if call.to < 0 { entered.removeLast() } else { entered[entered.count - 1].state = call.to }
                entered.append(Frame(state: call.start))
                visit(entered)
            }
            if state.isAccepting { visit(Stack(stack.dropLast())) }
        }
        found.sort { Self.isOrdered($0, $1) }
        return Configuration(stacks: found)
    }

    /// Rules that only call others may be passed through in long chains.
    private static let visitsPerStackMax = 64

    private func isPlain(_ frame: Frame) -> Bool {
        let state = states[Int(frame.state)]
        return state.count < 0 && !state.isAccepting && state.calls.isEmpty
    }

    /// A state that counts: once more where that is allowed, and on where it may end.
    private func enter(_ count: Count, _ top: Frame, _ stack: Stack, _ visit: (Stack) -> Void) {
        if top.count >= count.min { visit(Stack(stack.dropLast())) }
        guard count.max < 0 || top.count < count.max else { return }
        var once = stack
        if top.count + 1 == count.max {
            once.removeLast()
        } else {
            // Without an upper bound, what is more than the lower one makes no difference.
            once[once.count - 1].count = count.max < 0 ? min(count.min, top.count + 1) : top.count + 1
        }
        once.append(Frame(state: count.start))
        visit(once)
    }

    private static func isOrdered(_ left: Stack, _ right: Stack) -> Bool {
        if left.count != right.count { return left.count < right.count }
        for (a, b) in zip(left, right) where a != b { return (a.state, a.count) < (b.state, b.count) }
        return false
    }
}
