/// How many letters of each script a text has.
///
///     let counts = ScriptCounts(of: utf8)
///     counts.share(of: .han)      // 0…1 of all letters
package struct ScriptCounts: Sendable, Equatable {
    /// Letters by raw value of `Script`; at 0 what are no letters.
    private var counts = [Int](repeating: 0, count: Script.allCases.count)

    package init() {}

    /// Counts all of a text.
    ///
    /// - Parameter utf8: valid UTF-8.
    package init(of utf8: UnsafeBufferPointer<UInt8>) {
        guard let bytes = utf8.baseAddress else { return }
        let end = utf8.count
        ScriptTable.shared.scripts.withUnsafeBufferPointer { scripts in
            counts.withUnsafeMutableBufferPointer { counts in
                var place = 0
                while place < end {
                    let scalar = UTF8Scalar.next(bytes, &place, end: end)
                    let script =
                        scalar < 0x10000
                        ? scripts[Int(scalar)]
                        : (0x20000..<0x40000).contains(scalar) ? Script.han.rawValue : Script.none.rawValue
                    counts[Int(script)] += 1
                }
            }
        }
    }

    package subscript(_ script: Script) -> Int { counts[Int(script.rawValue)] }

    /// All scalars that are letters of some script.
    package var letters: Int { counts.dropFirst().reduce(0, +) }

    /// All scalars.
    package var scalars: Int { counts.reduce(0, +) }

    /// The share of a script in the letters; 0 where there are none.
    package func share(of script: Script) -> Double {
        letters == 0 ? 0 : Double(self[script]) / Double(letters)
    }
}
