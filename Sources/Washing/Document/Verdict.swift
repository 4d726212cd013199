/// What rules say of one document.
///
///     if verdict.check("words_min", 12, atLeast: 50) { return }       // dropped: the step ends
///
/// Where a document is to be explained nothing ends a step, and every rule's value is kept.
package struct Verdict {
    /// Why a document is dropped.
    package struct Rejection: Equatable {
        package var step: String
        package var rule: String
        package var value: Double
        package var limit: Double
    }

    /// One rule's answer, for explaining.
    package struct Check: Sendable {
        package var step: String
        package var rule: String
        package var value: Double
        package var limit: Double
        /// Whether the limit is the least that is kept; else the most.
        package var isLeast: Bool
        package var isKept: Bool

        /// How far the value is from its limit, as a share of the larger of both: 0 at the limit, negative beyond it.
        /// 1 where both are 0, which no other limit would change.
        package var margin: Double {
            let larger = max(abs(value), abs(limit))
            return larger > 0 ? (isLeast ? value - limit : limit - value) / larger : 1
        }
    }

    /// A value within this share of its limit was nearly dropped.
    package static let nearShare = 0.1

    package let isExplaining: Bool
    /// The step that is at work.
    package var step = ""
    package private(set) var rejection: Rejection?
    package private(set) var checks: [Check] = []
    /// The rule that nearly dropped the document, of each step the last.
    package private(set) var near: [Rejection] = []

    package init(isExplaining: Bool = false) { self.isExplaining = isExplaining }

    /// True when the document is dropped and the step should end. A limit of nil is a rule that is off.
    @inline(__always)
    package mutating func check(_ rule: String, _ value: Double, atLeast limit: Double?) -> Bool {
        guard let limit else { return false }
        return note(rule, value, limit, isLeast: true, isKept: value >= limit)
    }

    @inline(__always)
    package mutating func check(_ rule: String, _ value: Double, atMost limit: Double?) -> Bool {
        guard let limit else { return false }
        return note(rule, value, limit, isLeast: false, isKept: value <= limit)
    }

    /// A rule of yes or no, which nothing nearly breaks: 1 where it holds, at least 1.
    @inline(__always)
    package mutating func check(_ rule: String, holds: Bool) -> Bool {
        note(rule, holds ? 1 : 0, 1, isLeast: true, isKept: holds, canBeNear: false)
    }

    private mutating func note(
        _ rule: String, _ value: Double, _ limit: Double, isLeast: Bool, isKept: Bool, canBeNear: Bool = true
    ) -> Bool {
        if isExplaining {
            checks.append(
                Check(step: step, rule: rule, value: value, limit: limit, isLeast: isLeast, isKept: isKept))
        }
        if !isKept {
            if rejection == nil { rejection = Rejection(step: step, rule: rule, value: value, limit: limit) }
            return !isExplaining
        }
        if canBeNear, limit != 0, abs(value - limit) <= Self.nearShare * abs(limit) {
            let own = Rejection(step: step, rule: rule, value: value, limit: limit)
            if near.last?.step == step { near[near.count - 1] = own } else { near.append(own) }
        }
        return false
    }
}
