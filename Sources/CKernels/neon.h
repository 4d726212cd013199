// What the two variants for arm64 share (variant_neon.c, variant_dotprod.c).
#pragma once
#include "dot.h"
#include "vectors.h"
#include <arm_neon.h>

#define DK_ATTENTION_ROWS 6
#define DK_ATTENTION_WIDE 1
#define DK_FLOAT_GROUPS 1
#define DK_PEAK_CHAINS 6
#define DK_FMA16(a, b, c) __builtin_elementwise_fma(a, b, c)
#define DK_MAX16(a, b) __builtin_elementwise_max(a, b)
#define DK_TO_HALF(x) vget_lane_u16(vreinterpret_u16_f16(vcvt_f16_f32(vdupq_n_f32(x))), 0)

/// One vector of the templates as four registers.
typedef union {
    dk_f16x floats;
    dk_u8x bytes;
    dk_i16x integers;
    float32x4_t f32[4];
    uint8x16_t u8[4];
    int8x16_t s8[4];
    int32x4_t s32[4];
} dk_registers;

#define DK_HALF16(p) ({ \
    const uint8_t *from_ = (const uint8_t *)(const void *)(p); \
    dk_registers r_; \
    DK_UNROLL for (int i_ = 0; i_ < 4; i_++) \
        r_.f32[i_] = vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(from_ + 8 * i_))); \
    r_.floats; })

#define DK_LOOKUP16(v) ({ \
    dk_registers r_ = {.bytes = (v)}; \
    DK_UNROLL for (int i_ = 0; i_ < 4; i_++) r_.u8[i_] = vqtbl1q_u8(iq4_table(), r_.u8[i_]); \
    r_.bytes; })

/// The table's values plus 128.
DK_INLINE uint8x16_t iq4_table(void) {
    static const int8_t values[16] = {DK_IQ4_VALUES};
    return veorq_u8(vreinterpretq_u8_s8(vld1q_s8(values)), vdupq_n_u8(0x80));
}

/// Sixteen weights of four rows. Arm multiplies signed by signed bytes: weights below 128 are both, those of eight
/// bits (offset 128) become signed by turning their top bit, which takes the offset off at once.
DK_INLINE int8x16_t signed_weights(const uint8_t *at, const bool eight_bits) {
    uint8x16_t w = vld1q_u8(at);
    return vreinterpretq_s8_u8(eight_bits ? veorq_u8(w, vdupq_n_u8(0x80)) : w);
}

/// One step's share of the sums of four rows: see dot.h.
DK_INLINE float32x4_t add_step(float32x4_t sum, int32x4_t dots, float32x4_t scale, float activation_scale,
                               float32x4_t min, float weighted, const bool minimum) {
    sum = vfmaq_n_f32(sum, vmulq_f32(vcvtq_f32_s32(dots), scale), activation_scale);
    return minimum ? vfmsq_n_f32(sum, min, weighted) : sum;
}
