import CKernels

/// Products of training, each computed by the calling worker; regions are cut by who calls.
package enum PanelProduct {
    /// out = a bᵀ, or base + a bᵀ. `out` may be `base`, and bf16 when there is no base.
    ///
    /// Long sums are made in blocks, in rising order, so that what rows and panels read of one another stays in the
    /// second-level cache.
    ///
    /// - Precondition: a has b's depth (or the multiple of two below it), out a's rows and b's lanes.
    package static func multiply(
        _ a: NumberMatrix, by b: Panels, into out: NumberMatrix, adding base: NumberMatrix? = nil
    ) {
        multiply(a, by: b, lanes: 0..<b.lanes, into: out, adding: base)
    }

    /// The same with some of b's lanes: whole panels.
    package static func multiply(
        _ a: NumberMatrix, by b: Panels, lanes: Range<Int>, into out: NumberMatrix, adding base: NumberMatrix? = nil
    ) {
        precondition(a.columns == b.depth && a.precision == b.precision, "\(a.shape) by \(b.lanes) x \(b.depth)")
        precondition(
            out.rows == a.rows && out.columns == lanes.count && lanes.upperBound <= b.lanes,
            "\(a.shape) by lanes \(lanes) of \(b.lanes) into \(out.shape)")
        precondition(lanes.lowerBound % Panels.lanesOfPanel == 0 && lanes.count % Panels.lanesOfPanel == 0)
        precondition(
            base.map { $0.rows == out.rows && $0.columns == out.columns && out.precision == .fp32 } ?? true)
        var product = dk_panel_product()
        product.a_row = Int64(a.stride / a.precision.unitElements)
        product.bfloat = b.precision.isBFloat
        product.b_panel = Int64(b.units * 32)
        product.rows = Int64(a.rows)
        product.columns = Int64(lanes.count)
        let storing = out.precision == .bf16 ? DK_STORE_BFLOAT : DK_STORE_FLOAT
        product.store = Int32(base == nil ? storing : DK_ADD_FLOAT)
        product.out = out.pointer
        product.out_row = Int64(out.stride)
        product.base = base.map { UnsafePointer($0.floats) }
        product.base_row = Int64(base?.stride ?? 0)
        // Sums that are stored as bf16 are made at once: rounding them between would lose what they have.
        let block = out.precision == .bf16 ? b.units : unitsOfLongBlock
        for first in stride(from: 0, to: b.units, by: max(1, block)) {
            if first > 0 {
                product.store = Int32(DK_ADD_FLOAT)
                (product.base, product.base_row) = (UnsafePointer(out.floats), Int64(out.stride))
            }
            product.a = UnsafePointer(a.pointer.assumingMemoryBound(to: UInt32.self)) + first
            product.b = UnsafePointer(b.panel(lanes.lowerBound / Panels.lanesOfPanel)) + first * 32
            product.units = Int64(min(block, b.units - first))
            TrainingKernels.table.pointee.product(&product)
        }
    }

    /// out += a bᵀ for lanes of two packed factors: a weight's gradient, summed over tokens. `out`'s rows are a's
    /// lanes (it may have fewer), its columns b's.
    ///
    /// Terms are added in blocks that stay in the second-level cache, in rising order.
    package static func add(
        _ a: Panels, _ aPanels: Range<Int>, _ b: Panels, _ bPanels: Range<Int>, depth: Int, into out: NumberMatrix
    ) {
        precondition(a.depth == b.depth && a.precision == b.precision && depth <= a.depth)
        precondition(out.columns == b.lanes && out.rows <= a.lanes && aPanels.upperBound <= a.count)
        let rows = aPanels.lowerBound * 32..<min(out.rows, aPanels.upperBound * 32)
        let target = out.rows(rows).columns(bPanels.lowerBound * 32..<bPanels.upperBound * 32)
        let units = (depth + a.precision.unitElements - 1) / a.precision.unitElements
        var product = dk_panel_product()
        product.a_row = Int64(a.units * 32)
        product.a_is_panels = true
        product.bfloat = b.precision.isBFloat
        product.b_panel = Int64(b.units * 32)
        product.rows = Int64(rows.count)
        product.columns = Int64(target.columns)
        product.store = Int32(DK_ADD_FLOAT)
        product.out = target.pointer
        product.out_row = Int64(target.stride)
        product.base = UnsafePointer(target.floats)
        product.base_row = Int64(target.stride)
        for first in stride(from: 0, to: units, by: unitsOfBlock) {
            product.a = UnsafePointer(a.panel(aPanels.lowerBound) + first * 32)
            product.b = UnsafePointer(b.panel(bPanels.lowerBound) + first * 32)
            product.units = Int64(min(unitsOfBlock, units - first))
            TrainingKernels.table.pointee.product(&product)
        }
    }

    /// 32 KB of a panel.
    private static let unitsOfBlock = 256
    /// 128 KB of a panel.
    private static let unitsOfLongBlock = 1024
}
