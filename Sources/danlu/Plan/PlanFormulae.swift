/// What `danlu plan --explain` says: every formula and where it is from.
enum PlanFormulae {
    static let text = Language.text(
        zh: """
            形状  一个数（参数个数）定下一切：词表、头宽、上下文按档位取值；层数与宽度取最接近所求参数、且宽度约为层数 64 倍者；
                  前馈宽度 8/3（SwiGLU，arXiv:2002.05202）；键值头为查询头的一半（20 亿以上为四分之一）；嵌入与输出头共用。
            词元  参数 × ratio × overtrain；20 为同样算力下最好（Chinchilla，arXiv:2203.15556）。
            计算  每词元 6 N + 6 L a T：N 为参与乘法的参数，L 层数，a 查询头总宽，T 行长（arXiv:2001.08361；因果注意力平均看一半）。
                  重算激活另加：feedForward 1/9，all 1/3。
            时间  词元 × 每词元计算 ÷（峰值 × 利用率 × 台数）。本机的峰值与利用率是实测：峰值为 fp32 乘加，利用率来自计划模型的
                  几步训练（bf16 可超过 100%）。显卡峰值取自厂商资料（bf16 稠密），利用率取自公开的训练：LLaMA、Llama 3
                  （arXiv:2302.13971、2407.21783）。
            电能  台数 × 瓦 × 1.1（机房开销，LLaMA）× 小时。 费用  台数 × 小时 × 单价 + 电能 × 电价。
            内存  权重 4 N + 两个方向的打包副本 2 b P；梯度 4 N；AdamW 8 N；激活 (L+1) T w 4 及各层所存；一块对数几率。
            建议  学习率 0.3118 C^-0.125（不超过 0.003），批 0.2920 C^0.3271 词元（DeepSeek LLM，arXiv:2401.02954；
                  在 1e17 至 2e19 FLOP 间拟合，之外是外推）。
            """,
        en: """
            shape   One number, the parameters, sets everything: vocabulary, size of heads and context by steps; layers
                    and width those that come closest to it with a width of about 64 times the layers; feed-forward 8/3
                    of the width (SwiGLU, arXiv:2002.05202); half as many heads of keys and values (a quarter from 2B);
                    the embedding is also the head.
            tokens  parameters x ratio x overtrain; 20 is the best use of compute (Chinchilla, arXiv:2203.15556).
            compute 6 N + 6 L a T a token: N parameters that are factors of products, L layers, a width of all query
                    heads, T tokens of a row (arXiv:2001.08361; causal attention sees half of them on average).
                    Computed a second time: feedForward 1/9 more, all 1/3.
            time    tokens x compute / (peak x utilisation x devices). Here both are measured: the peak is that of fp32
                    multiply-adds, utilisation comes from a few steps of the planned model (above 100 % for bf16).
                    Cards: peaks from data sheets (dense bf16), utilisation from published runs: LLaMA, Llama 3
                    (arXiv:2302.13971, 2407.21783).
            energy  devices x watts x 1.1 (the site's overhead, LLaMA) x hours.
            cost    devices x hours x price + energy x price.
            memory  weights 4 N and packed copies for both directions 2 b P; gradients 4 N; AdamW 8 N; activations
                    (L + 1) T w 4 and what layers keep; one chunk of logits.
            recipe  learning rate 0.3118 C^-0.125 (at most 0.003), batch 0.2920 C^0.3271 tokens (DeepSeek LLM,
                    arXiv:2401.02954; fitted from 1e17 to 2e19 FLOP, extrapolated elsewhere).
            """)
}
