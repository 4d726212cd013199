extension ParameterLayout {
    /// The layout of a LoRA adapter's matrices, by PEFT's names. A's of matrices that read the same input are
    /// neighbours, so that they are one matrix:
    ///
    ///     layer 0: q.A k.A v.A q.B k.B v.B | o.A o.B | gate.A up.A gate.B up.B | down.A down.B | layer 1 …
    init(_ adapter: AdapterSettings, _ shape: Shape) {
        var entries: [Entry] = []
        var offset = 0
        func add(_ name: String, _ shape: [Int]) {
            let entry = Entry(name: name, shape: shape, offset: offset, kind: .matrix)
            entries.append(entry)
            offset += entry.count
        }
        for layer in 0..<shape.layers {
            for group in WeightGroup.allCases {
                let adapted = zip(group.targets, group.rows(shape)).filter { adapter.targets.contains($0.0) }
                for (target, _) in adapted {
                    add(Self.name(target, layer: layer, isA: true), [adapter.rank, group.columns(shape)])
                }
                for (target, rows) in adapted {
                    add(Self.name(target, layer: layer, isA: false), [rows, adapter.rank])
                }
            }
        }
        self.init(entries: entries, count: offset)
    }

    static func name(_ target: AdapterTarget, layer: Int, isA: Bool) -> String {
        "base_model.model.model.layers.\(layer).\(target.module).lora_\(isA ? "A" : "B").weight"
    }
}
