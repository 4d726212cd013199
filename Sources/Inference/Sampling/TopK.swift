/// The k most probable tokens stay; of equal ones the smaller.
package enum TopK {
    package static func apply(_ count: Int, to candidates: inout Candidates) {
        Selection.keepLargest(max(1, count), of: &candidates.keys)
    }
}
