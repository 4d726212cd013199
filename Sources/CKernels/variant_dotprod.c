// The variant for arm64 with the dot product instructions (Cortex-A55, A75 and later, Apple's, Graviton 2 and later).
#ifdef __aarch64__
#include "neon.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)

#define DK_PEAK_INTEGERS(acc, w, v) ({ \
    dk_registers a_ = {.integers = (acc)}, w_ = {.integers = (w)}, v_ = {.integers = (v)}; \
    DK_UNROLL for (int i_ = 0; i_ < 4; i_++) a_.s32[i_] = vdotq_s32(a_.s32[i_], w_.s8[i_], v_.s8[i_]); \
    a_.integers; })

/// Line 4 * i4 + J of a step: eight rows times `columns` columns, four elements. The lane is a constant.
#define DOT_LINE(J) { \
    int8x16_t w_[2]; \
    DK_UNROLL for (int i_ = 0; i_ < 2; i_++) \
        w_[i_] = signed_weights(line + (4 * i4 + J) * 64 + 16 * i_, eight_bits); \
    DK_UNROLL for (int c_ = 0; c_ < columns; c_++) \
        DK_UNROLL for (int i_ = 0; i_ < 2; i_++) dots[c_][i_] = vdotq_laneq_s32(dots[c_][i_], w_[i_], v[c_], J); \
    }

/// See dot.h. Eight rows at a time: twelve integer and twelve float accumulators.
DK_INLINE void dot(DOT_PARAMETERS, const int columns, const int step, const int shift, const bool minimum) {
    const int lines = step / 4, steps = 32 / step;
    const bool eight_bits = shift == 7;
    for (int part = 0; part < 4; part++) {
        const panel *p = part < 2 ? a : b;
        const int lane = part % 2 * 8;
        float *at = sums + part / 2 * DK_TILE_COLUMNS * 16 + lane;
        const int32_t *negated = step == 32 ? x->sums32 + first : x->sums16 + 2 * first;
        const float *weighted = step == 32 ? x->weighted32 + first : x->weighted16 + 2 * first;
        const float *scale = x->scales + first;
        const int8_t *q = x->quants + first * 32;
        float32x4_t acc[DK_TILE_COLUMNS][2];
        DK_UNROLL for (int c = 0; c < columns; c++)
            DK_UNROLL for (int i = 0; i < 2; i++) acc[c][i] = vld1q_f32(at + c * 16 + 4 * i);
        for (int64_t s = 0; s < blocks * steps; s++) {
            const uint8_t *line = p->quants + s * lines * 64 + lane * 4;
            int32x4_t dots[DK_TILE_COLUMNS][2];
            DK_UNROLL for (int c = 0; c < columns; c++)
                dots[c][0] = dots[c][1] = vdupq_n_s32(minimum || eight_bits ? 0 : negated[c] * (1 << shift));
            DK_UNROLL for (int i4 = 0; i4 < lines / 4; i4++) {
                int8x16_t v[DK_TILE_COLUMNS];
                DK_UNROLL for (int c = 0; c < columns; c++) v[c] = vld1q_s8(q + c * 32 + 16 * i4);
                DOT_LINE(0)
                DOT_LINE(1)
                DOT_LINE(2)
                DOT_LINE(3)
            }
            DK_UNROLL for (int i = 0; i < 2; i++) {
                float32x4_t w = vld1q_f32(p->scales + s * 16 + lane + 4 * i), m = vdupq_n_f32(0);
                if (minimum) m = vld1q_f32(p->mins + s * 16 + lane + 4 * i);
                DK_UNROLL for (int c = 0; c < columns; c++)
                    acc[c][i] = add_step(acc[c][i], dots[c][i], w, scale[c], m, weighted[c], minimum);
            }
            negated += columns;
            weighted += columns;
            bool block_ends = steps == 1 || (s & 1);
            q += block_ends ? columns * 32 - (steps - 1) * step : step;
            scale += block_ends ? columns : 0;
        }
        DK_UNROLL for (int c = 0; c < columns; c++)
            DK_UNROLL for (int i = 0; i < 2; i++) vst1q_f32(at + c * 16 + 4 * i, acc[c][i]);
    }
}

#include "operations.h"
#include "roof.h"
#include "attention.h"
#include "unpack_panel.h"
#include "products.h"
#include "quantize.h"

#pragma clang attribute pop

#define DK_TABLE dk_dotprod_kernels
#define DK_NAME "dotprod"
#include "table.h"
#endif
