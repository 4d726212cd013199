import Model

/// What a training run will take, before anything is spent.
///
///     let plan = TrainingPlan(model: shape, tokens: 20 * 10e6, machine: machine, …)
///     plan.hours; plan.energyKilowattHours; plan.cost
///
///     tokens   parameters x ratio x over-training         20 tokens a parameter is the best use of compute
///                                                         (Hoffmann et al. 2022, arXiv:2203.15556)
///     seconds  tokens x FLOPs a token x (1 + recomputed) / (peak x utilisation x devices)
///     energy   devices x watts x overhead x hours
///     cost     devices x hours x price of an hour + energy x price of a kWh
package struct TrainingPlan: Sendable, Equatable {
    /// Tokens for each parameter at which a given amount of compute makes the best model.
    package static let chinchillaRatio = 20.0
    /// Power of a whole site for each watt of the devices, cooling and hosts included (LLaMA, arXiv:2302.13971: 1.1).
    package static let overheadDefault = 1.1

    package var model: ModelConfiguration
    package var sequence: Int
    package var tokens: Double
    package var machine: Machine
    package var precision: Precision
    package var optimizer: OptimizerSettings.Kind
    package var recompute: Recomputation
    /// Tokens of a micro-batch, on which memory depends.
    package var microBatchTokens: Int
    package var prices: Prices
    package var overhead = overheadDefault

    /// What the user pays, in a currency of their own.
    package struct Prices: Sendable, Equatable {
        /// For one device.
        package var perHour: Double?
        package var perKilowattHour: Double?

        package init(perHour: Double? = nil, perKilowattHour: Double? = nil) {
            self.perHour = perHour
            self.perKilowattHour = perKilowattHour
        }
    }

    package init(
        model: ModelConfiguration, tokens: Double, machine: Machine, precision: Precision = .bf16,
        optimizer: OptimizerSettings.Kind = .adamw, recompute: Recomputation = .none, sequence: Int? = nil,
        microBatchTokens: Int? = nil, prices: Prices = Prices()
    ) {
        self.model = model
        self.sequence = sequence ?? model.contextTokens
        self.tokens = tokens
        self.machine = machine
        self.precision = precision
        self.optimizer = optimizer
        self.recompute = recompute
        self.microBatchTokens = microBatchTokens ?? 4 * self.sequence
        self.prices = prices
    }

    package var work: TrainingWork { TrainingWork(model, sequence: sequence) }

    /// Operations that teach something; what is computed a second time is not among them.
    package var flops: Double { work.flopsPerToken * tokens }

    package var tokensPerSecond: Double {
        machine.trainingFlops / (work.flopsPerToken * (1 + TrainingWork.extraShare(recompute)))
    }

    package var seconds: Double { tokens / tokensPerSecond }
    package var hours: Double { seconds / 3600 }
    package var deviceHours: Double { hours * Double(machine.count) }

    /// Nil when the power is not known.
    package var energyKilowattHours: Double? { machine.watts.map { $0 * overhead * deviceHours / 1000 } }

    /// Nil when no price was given, or one for energy that is not known.
    package var cost: Double? {
        let time = prices.perHour.map { $0 * deviceHours }
        let energy = prices.perKilowattHour.flatMap { price in energyKilowattHours.map { $0 * price } }
        return time == nil && energy == nil ? nil : (time ?? 0) + (energy ?? 0)
    }

    package var memory: MemoryEstimate {
        MemoryEstimate(
            model, tokens: microBatchTokens, precision: precision, optimizer: optimizer, recompute: recompute)
    }

    package var recipe: TrainingRecipe { TrainingRecipe(flops: flops, tokens: tokens, sequence: sequence) }

    /// How far the prediction was off a measured rate: 0.1 when the run was a tenth slower than planned.
    package func error(measuredTokensPerSecond: Double) -> Double { tokensPerSecond / measuredTokensPerSecond - 1 }
}
