// Chooses the variant of training's kernels once, at first use.
#include "danlu_training.h"
#include <stdatomic.h>

extern const dk_training_kernels dk_training_plain;
#ifdef __x86_64__
extern const dk_training_kernels dk_training_avx2, dk_training_avx512, dk_training_avx512_bf16;

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi")
           && __builtin_cpu_supports("bmi2");
}

static bool has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
#endif

static _Atomic(const dk_training_kernels *) current;

const dk_training_kernels *dk_training_variant(int32_t variant) {
    switch (variant) {
    case DK_TRAIN_PLAIN: return &dk_training_plain;
#ifdef __x86_64__
    case DK_TRAIN_AVX2: return has_avx2() ? &dk_training_avx2 : NULL;
    case DK_TRAIN_AVX512: return has_avx512() ? &dk_training_avx512 : NULL;
    case DK_TRAIN_AVX512_BF16:
        return has_avx512() && __builtin_cpu_supports("avx512bf16") ? &dk_training_avx512_bf16 : NULL;
#endif
    default: return NULL;
    }
}

const dk_training_kernels *dk_training_current(void) {
    const dk_training_kernels *kernels = atomic_load_explicit(&current, memory_order_relaxed);
    if (kernels) return kernels;
    for (int32_t variant = DK_TRAIN_AVX512_BF16; !kernels; variant--) kernels = dk_training_variant(variant);
    atomic_store_explicit(&current, kernels, memory_order_relaxed);
    return kernels;
}

bool dk_training_select(int32_t variant) {
    const dk_training_kernels *kernels = dk_training_variant(variant);
    if (kernels) atomic_store_explicit(&current, kernels, memory_order_relaxed);
    return kernels != NULL;
}
