// The variant for any processor: the templates as the compiler's baseline allows (SSE2, NEON).
#include "dot.h"
#include "vectors.h"

#define DK_ATTENTION_ROWS 2
#define DK_ATTENTION_WIDE 1
#define DK_FLOAT_GROUPS 1
#define DK_FMA16(a, b, c) ((a) * (b) + (c))
#define DK_MAX16(a, b) __builtin_elementwise_max(a, b)
#define DK_TO_HALF(x) dk_float_to_half(x)

/// A half's exponent and mantissa, read as a float's, are 2^112 too small, subnormal ones too; infinity and NaN get
/// their exponent.
#define DK_HALF16(p) ({ \
    typedef uint16_t units16_ __attribute__((vector_size(32), aligned(2))); \
    dk_i16x h_ = __builtin_convertvector(*(const units16_ *)(const void *)(p), dk_i16x), m_ = (h_ & 0x7fff) << 13; \
    dk_i16x f_ = (dk_i16x)((dk_f16x)m_ * 0x1p112f) | ((m_ >= 0x0f800000) & 0x7f800000); \
    (dk_f16x)(f_ | (h_ & 0x8000) << 16); })

#define DK_LOOKUP16(v) ({ \
    dk_u8x u_ = (v); \
    for (int i_ = 0; i_ < 64; i_++) u_[i_] = iq4_table[u_[i_] & 15]; \
    u_; })

/// The table's values plus 128.
static const uint8_t iq4_table[16] = {1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241};

/// See dot.h. One column after the other, in the order of the other variants.
DK_INLINE void dot(DOT_PARAMETERS, const int columns, const int step, const int shift, const bool minimum) {
    const int lines = step / 4, steps = 32 / step;
    const panel *const panels[2] = {a, b};
    for (int g = 0; g < 2; g++) {
        for (int c = 0; c < columns; c++) {
            dk_f16x acc = DK_LOAD16(sums + (g * DK_TILE_COLUMNS + c) * 16);
            for (int64_t s = 0; s < blocks * steps; s++) {
                int64_t plane = (step == 32 ? first : 2 * first) + s * columns + c, block = s / steps * columns + c;
                const int8_t *q = x->quants + (first + block) * 32 + s % steps * step;
                const uint8_t *w = panels[g]->quants + s * lines * 64;
                dk_i16x dots = {};
                if (!minimum) dots += (step == 32 ? x->sums32 : x->sums16)[plane] * (1 << shift);
                for (int j = 0; j < lines; j++) {
                    dk_i16x line = *(const dk_i16x *)(const void *)(w + j * 64);
                    DK_UNROLL for (int i = 0; i < 4; i++) dots += ((line >> (8 * i)) & 255) * q[j * 4 + i];
                }
                dk_f16x scaled = __builtin_convertvector(dots, dk_f16x) * DK_LOAD16(panels[g]->scales + s * 16);
                acc += scaled * x->scales[first + block];
                if (minimum)
                    acc -= DK_LOAD16(panels[g]->mins + s * 16)
                           * (step == 32 ? x->weighted32 : x->weighted16)[plane];
            }
            DK_STORE16(sums + (g * DK_TILE_COLUMNS + c) * 16, acc);
        }
    }
}

#include "operations.h"
#include "attention.h"
#include "roof.h"
#include "unpack_panel.h"
#include "products.h"
#include "quantize.h"

int64_t dk_scratch_bytes(void) { return sizeof(product_scratch); }

#define DK_TABLE dk_plain_kernels
#define DK_NAME "plain"
#include "table.h"
