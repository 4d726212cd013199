// Chooses the variant once, at first use.
#include "layout.h"
#include <stdatomic.h>

extern const dk_kernels dk_plain_kernels;
#ifdef __x86_64__
extern const dk_kernels dk_avx2_kernels, dk_avx512_kernels;

static bool has_avx2(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c")
           && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

static bool has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")
           && __builtin_cpu_supports("avx512vnni");
}
#elif defined(__aarch64__)
extern const dk_kernels dk_neon_kernels, dk_dotprod_kernels;

#ifdef __linux__
#include <sys/auxv.h>

static bool has_dotprod(void) {
    const unsigned long asimddp = 1ul << 20;  // HWCAP_ASIMDDP of the kernel's asm/hwcap.h
    return getauxval(AT_HWCAP) & asimddp;
}
#else
static bool has_dotprod(void) { return true; }  // every Apple processor that runs macOS
#endif
#endif

static _Atomic(const dk_kernels *) current;

const dk_kernels *dk_variant(int32_t variant) {
    switch (variant) {
    case DK_PLAIN: return &dk_plain_kernels;
#ifdef __x86_64__
    case DK_AVX2: return has_avx2() ? &dk_avx2_kernels : NULL;
    case DK_AVX512: return has_avx512() ? &dk_avx512_kernels : NULL;
#elif defined(__aarch64__)
    case DK_NEON: return &dk_neon_kernels;
    case DK_DOTPROD: return has_dotprod() ? &dk_dotprod_kernels : NULL;
#endif
    default: return NULL;
    }
}

const dk_kernels *dk_current(void) {
    const dk_kernels *kernels = atomic_load_explicit(&current, memory_order_relaxed);
    if (kernels) return kernels;
    for (int32_t variant = DK_DOTPROD; !kernels; variant--) kernels = dk_variant(variant);
    atomic_store_explicit(&current, kernels, memory_order_relaxed);
    return kernels;
}

bool dk_select(int32_t variant) {
    const dk_kernels *kernels = dk_variant(variant);
    if (kernels) atomic_store_explicit(&current, kernels, memory_order_relaxed);
    return kernels != NULL;
}

int64_t dk_attention_scratch_bytes(int64_t rows, int32_t key_dim, int32_t value_dim) {
    // Widened keys and values of a page with its scales, scores, packed queries and their addresses (attention.h).
    int64_t keys = (key_dim + 31) / 32 * 32, values = (value_dim + 31) / 32 * 32;
    int64_t floats = (keys + values) * 32 + values + rows * (DK_SEGMENT_TOKENS + 16 + keys) + 16;
    return floats * (int64_t)sizeof(float) + rows * (int64_t)sizeof(float *);
}

int64_t dk_kv_page_bytes(uint32_t element, int32_t dim) {
    int64_t scales = (dim + 31) / 32 * 64, bytes = (dim + 3) / 4 * 4 * DK_PAGE_TOKENS;
    return element == DK_Q8_0 ? scales + bytes : (int64_t)dim * DK_PAGE_TOKENS * dk_block_bytes(element);
}

uint32_t dk_plane(uint32_t type) {
    int class = dk_weight_class(type);
    if (dk_class_steps(class) == 2) return dk_class_has_minimum(class) ? DK_WEIGHTED16 : DK_SUMS16;
    return dk_class_has_minimum(class) ? DK_WEIGHTED32 : DK_SUMS32;
}
