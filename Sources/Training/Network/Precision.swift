import Kernels

/// What products and activations are computed in.
package typealias Precision = NumberPrecision
