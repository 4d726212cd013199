// The variant for any arm64 processor (Cortex-A53, A57, A72).
#ifdef __aarch64__
#include "neon.h"

/// See dot.h. Four rows at a time. Products are summed in int16 for as many lines as cannot overflow (two of weights
/// of 8 bits: 2 * 128 * 127 = 32512), then in pairs in int32, low and high rows apart until the step ends.
DK_INLINE void dot(DOT_PARAMETERS, const int columns, const int step, const int shift, const bool minimum) {
    const int lines = step / 4, steps = 32 / step;
    const bool eight_bits = shift == 7;
    const int run = eight_bits ? 2 : 4;
    for (int part = 0; part < 8; part++) {
        const panel *p = part < 4 ? a : b;
        const int lane = part % 4 * 4;
        float *at = sums + part / 4 * DK_TILE_COLUMNS * 16 + lane;
        const int32_t *negated = step == 32 ? x->sums32 + first : x->sums16 + 2 * first;
        const float *weighted = step == 32 ? x->weighted32 + first : x->weighted16 + 2 * first;
        const float *scale = x->scales + first;
        const int8_t *q = x->quants + first * 32;
        float32x4_t acc[DK_TILE_COLUMNS];
        DK_UNROLL for (int c = 0; c < columns; c++) acc[c] = vld1q_f32(at + c * 16);
        for (int64_t s = 0; s < blocks * steps; s++) {
            const uint8_t *line = p->quants + s * lines * 64 + lane * 4;
            int32x4_t low[DK_TILE_COLUMNS], high[DK_TILE_COLUMNS];
            DK_UNROLL for (int c = 0; c < columns; c++) low[c] = high[c] = vdupq_n_s32(0);
            DK_UNROLL for (int j = 0; j < lines; j += run) {
                int16x8_t pairs[DK_TILE_COLUMNS][2];
                DK_UNROLL for (int i = 0; i < run; i++) {
                    int8x16_t w = signed_weights(line + (j + i) * 64, eight_bits);
                    DK_UNROLL for (int c = 0; c < columns; c++) {
                        int32_t four;
                        memcpy(&four, q + c * 32 + 4 * (j + i), 4);
                        int8x8_t v = vreinterpret_s8_s32(vdup_n_s32(four));
                        pairs[c][0] = i ? vmlal_s8(pairs[c][0], vget_low_s8(w), v) : vmull_s8(vget_low_s8(w), v);
                        pairs[c][1] = i ? vmlal_s8(pairs[c][1], vget_high_s8(w), v) : vmull_s8(vget_high_s8(w), v);
                    }
                }
                DK_UNROLL for (int c = 0; c < columns; c++) {
                    low[c] = vpadalq_s16(low[c], pairs[c][0]);
                    high[c] = vpadalq_s16(high[c], pairs[c][1]);
                }
            }
            float32x4_t w = vld1q_f32(p->scales + s * 16 + lane), m = vdupq_n_f32(0);
            if (minimum) m = vld1q_f32(p->mins + s * 16 + lane);
            DK_UNROLL for (int c = 0; c < columns; c++) {
                int32x4_t dots = vpaddq_s32(low[c], high[c]);
                if (!minimum && !eight_bits) dots = vaddq_s32(dots, vdupq_n_s32(negated[c] * (1 << shift)));
                acc[c] = add_step(acc[c], dots, w, scale[c], m, weighted[c], minimum);
            }
            negated += columns;
            weighted += columns;
            bool block_ends = steps == 1 || (s & 1);
            q += block_ends ? columns * 32 - (steps - 1) * step : step;
            scale += block_ends ? columns : 0;
        }
        DK_UNROLL for (int c = 0; c < columns; c++) vst1q_f32(at + c * 16, acc[c]);
    }
}

#include "operations.h"
#include "roof.h"
#include "attention.h"
#include "unpack_panel.h"
#include "products.h"
#include "quantize.h"

#define DK_TABLE dk_neon_kernels
#define DK_NAME "neon"
#include "table.h"
#endif
