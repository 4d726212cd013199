import ArgumentParser

/// `danlu train`: train a model, or go on with a run.
struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: Language.text(zh: "训练模型，或继续一次训练。", en: "Train a model, or go on with a run."),
        discussion: Language.text(
            zh: """
                例：
                  danlu train pretrain --data poems.jsonl.gz --tokenizer tokenizer --size 3M --steps 2000 \\
                      --run runs/poems
                  danlu train --resume runs/poems                  中断后继续，结果与不中断时逐位相同
                  danlu train --resume runs/poems --steps 4000     延长：从衰减之前继续
                Ctrl-C 或 SIGTERM 会先保存再停止。
                """,
            en: """
                Examples:
                  danlu train pretrain --data poems.jsonl.gz --tokenizer tokenizer --size 3M --steps 2000 \\
                      --run runs/poems
                  danlu train --resume runs/poems                  go on; every bit is as if it had not been interrupted
                  danlu train --resume runs/poems --steps 4000     longer: it goes on from before its decay
                Ctrl-C and SIGTERM save before they stop.
                """),
        subcommands: [
            Pretrain.self, SupervisedTuning.self, LoRA.self, DirectPreferenceTuning.self, JudgementTuning.self,
            RewardTuning.self, Distillation.self, Resume.self,
        ], defaultSubcommand: Resume.self)
}
