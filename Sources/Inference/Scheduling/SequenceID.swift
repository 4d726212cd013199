/// A request's number; a later request has a larger one.
package typealias SequenceID = UInt64
