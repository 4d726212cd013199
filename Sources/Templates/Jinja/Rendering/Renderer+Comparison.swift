extension Renderer {
    @inline(never)
    func isEqual(_ left: Value, _ right: Value) throws(TemplateError) -> Bool {
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let a), .string(let b)):
            if a.count != b.count { return false }
            try charge(a)
            return a == b
        case (.list(let a), .list(let b)):
            if a.kind != b.kind { return false }
            if a.kind == .values { return a === b }
            if a.items.count != b.items.count { return false }
            return a.kind.isView ? try haveSameItems(a, b) : try areEqual(a.items, b.items)
        case (.dict(let a), .dict(let b)): return try isEqual(a, b)
        case (.range(let a), .range(let b)):
            return a.count == b.count && (a.count == 0 || a.start == b.start && (a.count == 1 || a.step == b.step))
        case (.iterator(let a), .iterator(let b)): return a === b
        case (.namespace(let a), .namespace(let b)): return a === b
        case (.loop(let a), .loop(let b)): return a === b
        case (.function(let a), .function(let b)): return a === b
        default:
            if let a = left.int, let b = right.int { return a == b }
            if let a = left.number, let b = right.number { return a == b }
            return false
        }
    }

    private func areEqual(_ left: [Value], _ right: [Value]) throws(TemplateError) -> Bool {
        for (a, b) in zip(left, right) {
            try charge(1)
            if try !isEqual(a, b) { return false }
        }
        return true
    }

    private func haveSameItems(_ left: ListValue, _ right: ListValue) throws(TemplateError) -> Bool {
        for item in left.items where try !contains(.list(right), item) { return false }
        return true
    }

    private func isEqual(_ left: DictValue, _ right: DictValue) throws(TemplateError) -> Bool {
        if left.count != right.count { return false }
        for (key, value) in zip(left.keys, left.values) {
            try charge(1 + right.count / 8)
            guard let key = DictKey(key), let other = right.value(key), try isEqual(value, other) else { return false }
        }
        return true
    }

    /// Whether the order of two values (-1, 0 or 1) is the one asked for; no order has none.
    func compare(
        _ left: Value, _ right: Value, _ symbol: String, _ isWanted: (Int) -> Bool
    ) throws(TemplateError) -> Bool {
        guard let order = try order(left, right, symbol) else { return false }
        return isWanted(order)
    }

    /// -1, 0 or 1; nil between a number and no number. Throws for kinds that have no order.
    @inline(never)
    func order(_ left: Value, _ right: Value, _ symbol: String = "<") throws(TemplateError) -> Int? {
        if let a = left.int, let b = right.int { return a < b ? -1 : a == b ? 0 : 1 }
        if let a = left.number, let b = right.number { return a < b ? -1 : a == b ? 0 : a > b ? 1 : nil }
        switch (left, right) {
        case (.string(let a), .string(let b)):
            try charge(1 + min(a.count, b.count) / 16)
            for (x, y) in zip(a.scalars, b.scalars) where x != y { return x < y ? -1 : 1 }
            return a.count < b.count ? -1 : a.count == b.count ? 0 : 1
        case (.list(let a), .list(let b)) where a.kind == b.kind && !a.kind.isView:
            for (x, y) in zip(a.items, b.items) {
                try charge(1)
                if try !isEqual(x, y) { return try order(x, y, symbol) }
            }
            return a.items.count < b.items.count ? -1 : a.items.count == b.items.count ? 0 : 1
        default:
            if case .undefined = left { throw misuse(of: left, "") }
            if case .undefined = right { throw misuse(of: right, "") }
            throw .fault("'\(symbol)' between \(left.kind) and \(right.kind)")
        }
    }

    /// `item in container`
    @inline(never)
    func contains(_ container: Value, _ item: Value) throws(TemplateError) -> Bool {
        switch container {
        case .undefined: return false
        case .string(let text):
            guard case .string(let part) = item else {
                throw .fault("'in' a string looks for a string, not for \(item.kind)")
            }
            try charge(text.count / 8)
            try charge(part)
            return text.firstRange(of: part) != nil
        case .dict(let dict): return dict.value(try key(item)) != nil
        case .list(let list) where list.kind == .keys:
            _ = try key(item)
            for element in try elements(of: container) where try isEqual(element, item) { return true }
            return false
        case .range(let range):
            guard let number = item.number, let value = Int(exactly: number), range.count > 0 else { return false }
            let (distance, overflows) = value.subtractingReportingOverflow(range.start)
            if overflows || distance % range.step != 0 { return false }
            return (0..<range.count).contains(distance / range.step)
        default:
            for element in try elements(of: container) where try isEqual(element, item) { return true }
            return false
        }
    }

    /// A value as a dictionary's key.
    func key(_ value: Value) throws(TemplateError) -> DictKey {
        try chargeKey(value)
        guard let key = DictKey(value) else { throw .fault("\(value.kind) cannot be a dictionary's key") }
        return key
    }

    /// Counts what hashing a key costs.
    func chargeKey(_ value: Value) throws(TemplateError) {
        switch value {
        case .string(let text): try charge(text.count / 16)
        case .list(let list) where list.kind == .tuple:
            try charge(list.items.count)
            for item in list.items { try chargeKey(item) }
        default: break
        }
    }

    /// The values in Python's order, equal ones as they stood. `keys` says by what.
    func sorted(_ values: [Value], keys: [Value], descending: Bool) throws(TemplateError) -> [Value] {
        var order = Array(values.indices)
        var width = 1
        while width < order.count {
            var merged: [Int] = []
            merged.reserveCapacity(order.count)
            var start = 0
            while start < order.count {
                let (middle, end) = (min(start + width, order.count), min(start + 2 * width, order.count))
                var (left, right) = (start, middle)
                while left < middle, right < end {
                    try charge(1)
                    let (a, b) = (keys[order[left]], keys[order[right]])
                    // The right one goes first only if it must.
                    let swaps = descending ? try compare(a, b, "<") { $0 < 0 } : try compare(b, a, "<") { $0 < 0 }
                    merged.append(order[swaps ? right : left])
                    if swaps { right += 1 } else { left += 1 }
                }
                merged += order[left..<middle] + order[right..<end]
                start = end
            }
            order = merged
            width *= 2
        }
        return order.map { values[$0] }
    }
}
