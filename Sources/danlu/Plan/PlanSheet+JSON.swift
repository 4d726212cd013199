import JSON
import Training

extension PlanSheet {
    var json: JSONValue {
        let (model, work, memory, recipe) = (plan.model, plan.work, plan.memory, plan.recipe)
        let shape: JSONValue = [
            "layers": .int(model.layers), "width": .int(model.embeddingDim), "heads": .int(model.heads),
            "kv_heads": .int(model.kvHeads), "head_dim": .int(model.keyDim),
            "feed_forward": .int(model.feedForwardDim), "vocab_size": .int(model.vocabularySize),
            "context": .int(plan.sequence),
        ]
        let machine: JSONValue = [
            "name": .string(plan.machine.name), "count": .int(plan.machine.count),
            "peak_flops": .double(plan.machine.peakFlops), "utilisation": .double(plan.machine.utilisation),
            "watts": plan.machine.watts.map { .double($0) } ?? .null,
            "memory_bytes": plan.machine.memoryBytes.map { .double($0) } ?? .null,
            "source": .string(plan.machine.source),
        ]
        let parts: JSONValue = [
            "weights": .double(memory.weights), "gradients": .double(memory.gradients),
            "optimizer": .double(memory.optimizer), "activations": .double(memory.activations),
            "workspace": .double(memory.workspace), "logits": .double(memory.logits),
            "total": .double(memory.total),
        ]
        let advice: JSONValue = [
            "learning_rate": .double(recipe.learningRate), "batch_tokens": .int(recipe.batchTokens),
            "steps": .int(recipe.steps), "warmup_steps": .int(recipe.warmupSteps),
        ]
        return [
            "parameters": .int(work.parameters), "product_parameters": .int(work.productParameters), "model": shape,
            "tokens": .double(plan.tokens), "tokens_per_parameter": .double(plan.tokens / Double(work.parameters)),
            "flops": .double(plan.flops), "flops_per_token": .double(work.flopsPerToken),
            "attention_flops_per_token": .double(work.attentionFlopsPerToken), "machine": machine,
            "precision": .string(plan.precision.rawValue), "optimizer": .string(plan.optimizer.rawValue),
            "recompute": .string(plan.recompute.rawValue), "tokens_per_second": .double(plan.tokensPerSecond),
            "hours": .double(plan.hours), "device_hours": .double(plan.deviceHours),
            "energy_kwh": plan.energyKilowattHours.map { .double($0) } ?? .null,
            "cost": plan.cost.map { .double($0) } ?? .null, "memory_bytes": parts,
            "micro_batch_tokens": .int(plan.microBatchTokens), "recipe": advice,
        ]
    }
}
