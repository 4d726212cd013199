import Foundation
import JSON
import Training

/// A plan as people and programs read it.
struct PlanSheet {
    let plan: TrainingPlan

    var rows: [(String, String)] {
        let model = plan.model
        let work = plan.work
        let recipe = plan.recipe
        var rows = [
            (
                Language.text(zh: "模型", en: "model"),
                "\(Quantity.text(Double(work.parameters))) "
                    + Language.text(
                        zh: "参数：\(model.layers) 层，宽 \(model.embeddingDim)，\(model.heads)/\(model.kvHeads) 头，前馈 "
                            + "\(model.feedForwardDim)，词表 \(model.vocabularySize)，上下文 \(plan.sequence)",
                        en: "parameters: \(model.layers) layers, width \(model.embeddingDim), "
                            + "\(model.heads)/\(model.kvHeads) heads, feed-forward \(model.feedForwardDim), vocabulary "
                            + "\(model.vocabularySize), context \(plan.sequence)")
            ),
            (
                Language.text(zh: "词元", en: "tokens"),
                "\(Quantity.text(plan.tokens))"
                    + String(
                        format: Language.text(zh: "（每参数 %.1f）", en: " (%.1f a parameter)"),
                        plan.tokens / Double(work.parameters))
            ),
            (
                Language.text(zh: "计算量", en: "compute"),
                String(format: "%.3g FLOP", plan.flops)
                    + String(
                        format: Language.text(zh: "（注意力占 %.0f%%）", en: " (attention %.0f%%)"),
                        100 * work.attentionFlopsPerToken / work.flopsPerToken)
            ),
            (Language.text(zh: "机器", en: "machine"), machine),
            (
                Language.text(zh: "时间", en: "time"),
                Language.duration(plan.hours * 3600)
                    + Language.text(zh: "，每秒 ", en: ", ") + Quantity.text(plan.tokensPerSecond)
                    + Language.text(zh: " 词元，共 ", en: " tokens/s, ") + Quantity.text(plan.deviceHours)
                    + Language.text(zh: " 机时", en: " device hours")
            ),
        ]
        if let energy = plan.energyKilowattHours {
            rows.append((Language.text(zh: "电能", en: "energy"), "\(Quantity.text(energy)) kWh"))
        }
        if let cost = plan.cost {
            rows.append((Language.text(zh: "费用", en: "cost"), Quantity.text(cost)))
        }
        rows.append((Language.text(zh: "内存", en: "memory"), memory))
        rows.append(
            (
                Language.text(zh: "建议", en: "recipe"),
                String(
                    format: Language.text(
                        zh: "学习率 %.2g，每步 %d 词元，%d 步，预热 %d 步",
                        en: "learning rate %.2g, %d tokens a step, %d steps, %d of warm-up"), recipe.learningRate,
                    recipe.batchTokens, recipe.steps, recipe.warmupSteps)
            ))
        return rows
    }

    private var machine: String {
        let machine = plan.machine
        return "\(machine.count) x \(machine.name): \(Quantity.text(machine.peakFlops / 1e9)) GFLOP/s"
            + String(format: " x %.0f%%", machine.utilisation * 100) + " — \(machine.source)"
    }

    private var memory: String {
        let memory = plan.memory
        let parts = [
            (Language.text(zh: "权重", en: "weights"), memory.weights),
            (Language.text(zh: "梯度", en: "gradients"), memory.gradients),
            (Language.text(zh: "优化器", en: "optimiser"), memory.optimizer),
            (Language.text(zh: "激活", en: "activations"), memory.activations),
            (Language.text(zh: "工作区", en: "workspace"), memory.workspace),
            (Language.text(zh: "对数几率", en: "logits"), memory.logits),
        ]
        let total = ModelHome.size(Int(memory.total))
        let list = parts.map { "\($0) \(ModelHome.size(Int($1)))" }.joined(separator: ", ")
        let room = plan.machine.memoryBytes.map {
            memory.total > $0
                ? Language.text(
                    zh: "；一台放不下，需要分片", en: "; more than one device has: it has to be shared out") : ""
        }
        return "\(total) = \(list)\(room ?? "")"
    }
}
