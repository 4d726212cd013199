import Evaluation
import Foundation

/// 1 when the last number of an answer is this one, else 0.
///
/// Numbers are taken as `danlu eval` takes them from answers to GSM8K: `$1,234.` is 1234.
struct NumberReward: Reward {
    let answer: Double
    /// How far the answer may be off.
    var tolerance = 0.0
    let best = 1.0

    func value(of answer: JudgedAnswer) -> Double? {
        guard let last = Numbers.last(in: answer.text), let number = Double(last), number.isFinite else { return 0 }
        return abs(number - self.answer) <= tolerance ? 1 : 0
    }
}
