import Foundation
import Synchronization
import Training

/// Judges answers on several threads: a command in its sandbox takes a tenth of a second.
struct Judge {
    let threads: Int

    /// - Returns: nil when a request to stop came.
    func values(
        _ count: Int, unless stop: StopRequest, _ value: @Sendable (Int) throws(TuningError) -> Double?
    ) throws(TuningError) -> [Double?]? {
        let state = Mutex((next: 0, values: [Double?](repeating: nil, count: count), error: TuningError?.none))
        DispatchQueue.concurrentPerform(iterations: min(threads, count)) { _ in
            while !stop.isStopping {
                let index = state.withLock { state in
                    defer { state.next += 1 }
                    return state.next
                }
                guard index < count else { return }
                let result = Result { () throws(TuningError) in try value(index) }
                state.withLock { state in
                    switch result {
                    case .success(let found): state.values[index] = found
                    case .failure(let error): state.error = error
                    }
                }
            }
        }
        if stop.isStopping { return nil }
        if let error = state.withLock({ $0.error }) { throw error }
        return state.withLock { $0.values }
    }
}
