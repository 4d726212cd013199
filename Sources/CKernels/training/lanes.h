// Sixteen lanes of fp32 or bf16, and the small functions that every kernel of training is made of.
//
// A variant sets, before including the templates:
//     DK_FMA16(a, b, c)           a * b + c
//     DK_TILE_ROWS, DK_TILE_VECTORS   a product's sums that fit the registers: rows x vectors of sixteen columns
//     DK_DOT_BFLOAT(acc, a, b)    optional: acc + the products of both halves of each unit
//     DK_TO_BFLOAT16(v)           optional: sixteen floats to bf16, to nearest even
#pragma once
#include "../vectors.h"
#include "danlu_training.h"

typedef uint16_t dk_h16x __attribute__((vector_size(32)));  // sixteen bf16
typedef uint16_t dk_h16x_any __attribute__((vector_size(32), aligned(2)));
typedef uint32_t dk_w16x __attribute__((vector_size(64)));  // sixteen units
typedef uint32_t dk_w16x_any __attribute__((vector_size(64), aligned(4)));

#define DK_LOADW(p) (*(const dk_w16x_any *)(p))
#define DK_STOREW(p, v) (*(dk_w16x_any *)(p) = (v))

DK_INLINE void to_bfloat(const dk_f16x *v, dk_h16x *out) {
#ifdef DK_TO_BFLOAT16
    *out = DK_TO_BFLOAT16(*v);
#else
    dk_w16x bits = (dk_w16x)*v, rounded = bits + 0x7fff + ((bits >> 16) & 1);
    dk_w16x is_nan = (dk_w16x)((dk_i16x)(bits & 0x7fffffff) > 0x7f800000);
    *out = __builtin_convertvector(((is_nan & (bits | 0x400000)) | (~is_nan & rounded)) >> 16, dk_h16x);
#endif
}

/// Sixteen values from element `at`.
DK_INLINE void load16(const void *base, int64_t at, const bool bfloat, dk_f16x *out) {
    if (bfloat) {
        dk_h16x halves = *(const dk_h16x_any *)(const void *)((const uint16_t *)base + at);
        *out = (dk_f16x)(__builtin_convertvector(halves, dk_w16x) << 16);
    } else {
        *out = DK_LOAD16((const float *)base + at);
    }
}

DK_INLINE void store16(void *base, int64_t at, const bool bfloat, const dk_f16x *v) {
    if (bfloat) {
        dk_h16x halves;
        to_bfloat(v, &halves);
        *(dk_h16x_any *)(void *)((uint16_t *)base + at) = halves;
    } else {
        DK_STORE16((float *)base + at, *v);
    }
}

DK_INLINE void *value_at(const dk_values *values, int64_t row, int64_t column) {
    return (uint8_t *)values->data + (row * values->row + column) * (values->bfloat ? 2 : 4);
}

DK_INLINE float sum_of_lanes(const dk_f16x *v) {
    dk_f16x s = *v;
    s += __builtin_shufflevector(s, s, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    s += __builtin_shufflevector(s, s, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    s += __builtin_shufflevector(s, s, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    return s[0] + s[1];
}

/// e^x for x <= 88, relative error below 2e-7; 0 below -87.3 (so also for -infinity).
DK_INLINE void exp16(dk_f16x *value) {
    dk_f16x x = *value, low = DK_SPLAT16(-87.3f);
    dk_i16x small = x < low;
    dk_f16x magic = DK_SPLAT16(12582912.0f);  // 1.5 * 2^23: an integer in the low bits
    dk_f16x shifted = DK_FMA16(x, DK_SPLAT16(1.44269504088896341f), magic), n = shifted - magic;
    dk_f16x r = DK_FMA16(n, DK_SPLAT16(-0.693359375f), x);
    r = DK_FMA16(n, DK_SPLAT16(2.12194440e-4f), r);
    dk_f16x p = DK_SPLAT16(1.3981999507e-3f);
    p = DK_FMA16(DK_SPLAT16(1.9875691500e-4f), r, p);
    p = DK_FMA16(p, r, DK_SPLAT16(8.3334519073e-3f));
    p = DK_FMA16(p, r, DK_SPLAT16(4.1665795894e-2f));
    p = DK_FMA16(p, r, DK_SPLAT16(1.6666665459e-1f));
    p = DK_FMA16(p, r, DK_SPLAT16(5.0000001201e-1f));
    p = DK_FMA16(p * r, r, r) + 1.0f;
    dk_i16x bits = (dk_i16x)p + ((dk_i16x)shifted << 23);
    *value = (dk_f16x)(bits & ~small);
}
