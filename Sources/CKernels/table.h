// Template: the variant's table of functions.
const dk_kernels DK_TABLE = {
    .name = DK_NAME,
    .rms_norm = rms_norm,
    .softmax = softmax,
    .silu_multiply = silu_multiply,
    .gelu_multiply = gelu_multiply,
    .soft_cap = soft_cap,
    .exponential = exponential,
    .hyperbolic_tangent = hyperbolic_tangent,
    .add = add,
    .add_scaled = add_scaled,
    .scale = scale,
    .rope_half = rope_half,
    .rope_interleaved = rope_interleaved,
    .store_kv = store_kv,
    .attend = attend,
    .merge = merge,
};
