/// How much of the machine each owner has had: the next place goes to whoever has had least.
///
///     share.arrive("甲", outstanding: 0)
///     share.charge("甲", seconds: 0.02)
///     share.served("甲")
///
/// Start-time fair queueing (Goyal, Vin and Cheng 1996) over seconds of computing, as the virtual token counters of
/// Sheng et al. (2024) do it for language models. Between two owners with requests in the queue all the time, what
/// they are served differs by no more than what their running sequences take. An owner that was away collects no
/// credit: whoever has nothing in the queue starts at the floor, which rises with those who are served.
package struct FairShare: Sendable, Equatable {
    /// From a common start.
    private var seconds: [String: Double] = [:]
    /// What the owner who has had least, of those that are here, and whoever was admitted last had had. Never falls.
    package private(set) var floor = 0.0

    package init() {}

    package func served(_ owner: String) -> Double { seconds[owner] ?? floor }

    /// An owner with nothing in the queue brings a request.
    ///
    /// - Parameter outstanding: seconds that its running sequences will still take. They count as had: a break in an
    ///   owner's queue would else cost it what it has under way.
    package mutating func arrive(_ owner: String, outstanding: Double) {
        seconds[owner] = max(served(owner), floor - outstanding)
    }

    package mutating func admit(_ owner: String) { floor = max(floor, served(owner)) }

    package mutating func charge(_ owner: String, seconds: Double) { self.seconds[owner] = served(owner) + seconds }

    /// Notes who is here, after charges. When nobody is, all begin anew.
    package mutating func settle(active: Set<String>) {
        guard let least = active.map({ served($0) }).min() else {
            self = FairShare()
            return
        }
        floor = max(floor, least)
        seconds = seconds.filter { active.contains($0.key) || $0.value > floor }
    }
}
