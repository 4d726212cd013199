import Foundation
import Synchronization

/// Ends the process when one input takes too long, and says which.
final class Watchdog: Sendable {
    private let current = Mutex<(index: Int, began: Date)>((0, .now))

    init(secondsMax: Double) {
        Thread.detachNewThread { [self] in
            while true {
                Thread.sleep(forTimeInterval: 0.5)
                let (index, began) = current.withLock { $0 }
                if Date.now.timeIntervalSince(began) > secondsMax {
                    Fuzz.say("input \(index) takes more than \(secondsMax) s")
                    exit(1)
                }
            }
        }
    }

    func begin(_ index: Int) { current.withLock { $0 = (index, .now) } }
}

enum Memory {
    static var residentBytes: Int { kilobytes("VmRSS:") << 10 }
    static var peakBytes: Int { kilobytes("VmHWM:") << 10 }

    private static func kilobytes(_ key: String) -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) })
        else { return 0 }
        return line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) } ?? 0
    }
}
