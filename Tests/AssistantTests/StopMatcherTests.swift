import Assistant
import Testing

@Suite struct StopMatcherTests {
    /// Every way to cut a text in pieces gives what one piece gives.
    @Test(arguments: [
        ("the END of it", ["END"], "the ", true), ("EENDX", ["END"], "E", true), ("no stop", ["END"], "no stop", false),
        ("ends in EN", ["END"], "ends in EN", false), ("中文。。停", ["。停", "停止"], "中文。", true),
        ("aab", ["aaab", "ab"], "a", true), ("x", [""], "x", false), ("abcd", ["bc", "abcde"], "a", true),
    ])
    func cutsAtTheFirstStop(text: String, stops: [String], shown: String, stopped: Bool) {
        let characters = Array(text)
        for mask in 0..<(1 << max(0, characters.count - 1)) {
            var matcher = StopMatcher(stops)
            var output = ""
            var piece = ""
            for (place, character) in characters.enumerated() {
                piece.append(character)
                if mask >> place & 1 == 1 {
                    output += matcher.append(piece)
                    piece = ""
                }
            }
            output += matcher.append(piece)
            output += matcher.finish()
            #expect(output == shown && matcher.hasStopped == stopped, "cut \(mask)")
        }
    }

    @Test func holdsBackOnlyWhatMayBecomeAStop() {
        var matcher = StopMatcher(["\n\nUser:"])
        #expect(matcher.append("a\n") == "a")
        #expect(matcher.append("b\n\nUs") == "\nb")
        #expect(matcher.append("age") == "\n\nUsage")
    }
}
