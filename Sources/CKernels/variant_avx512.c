// The variant for AVX-512 with VNNI (Ice Lake, Zen 4 and later).
#ifdef __x86_64__
#include "dot.h"
#include "lanes_avx512.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx2,fma,f16c,bmi,bmi2"))), \
    apply_to = function)

#define DK_ATTENTION_ROWS 8
#define DK_ATTENTION_WIDE 2
#define DK_FLOAT_GROUPS 2
#define DK_TO_HALF(x) _cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT)
#define DK_HALF16(p) ((dk_f16x)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)(p))))
#define DK_PEAK_INTEGERS(acc, w, v) \
    ((dk_i16x)_mm512_dpbusd_epi32((__m512i)(acc), (__m512i)(w), (__m512i)(v)))
#define DK_LOOKUP16(v) ((dk_u8x)_mm512_shuffle_epi8(_mm512_broadcast_i32x4(iq4_table()), (__m512i)(v)))

/// The table's values plus 128.
DK_INLINE __m128i iq4_table(void) {
    return _mm_xor_si128(_mm_setr_epi8(DK_IQ4_VALUES), _mm_set1_epi8((char)0x80));
}

/// See dot.h. Twelve integer and twelve float accumulators fill the registers; one broadcast serves both groups.
DK_INLINE void dot(DOT_PARAMETERS, const int columns, const int step, const int shift, const bool minimum) {
    const int lines = step / 4, steps = 32 / step;
    const panel *const panels[2] = {a, b};
    const int32_t *negated = step == 32 ? x->sums32 + first : x->sums16 + 2 * first;
    const float *weighted = step == 32 ? x->weighted32 + first : x->weighted16 + 2 * first;
    const int8_t *q = x->quants + first * 32;
    const float *scale = x->scales + first;
    __m512 acc[2][DK_TILE_COLUMNS];
    DK_UNROLL for (int g = 0; g < 2; g++)
        DK_UNROLL for (int c = 0; c < columns; c++)
            acc[g][c] = _mm512_loadu_ps(sums + (g * DK_TILE_COLUMNS + c) * 16);
    for (int64_t s = 0; s < blocks * steps; s++) {
        __m512i dots[2][DK_TILE_COLUMNS];
        DK_UNROLL for (int c = 0; c < columns; c++)
            dots[0][c] = dots[1][c] = minimum ? _mm512_setzero_si512() : _mm512_set1_epi32(negated[c] << shift);
        DK_UNROLL for (int j = 0; j < lines; j++) {
            __m512i w[2];
            DK_UNROLL for (int g = 0; g < 2; g++)
                w[g] = _mm512_load_si512(panels[g]->quants + (s * lines + j) * 64);
            DK_UNROLL for (int c = 0; c < columns; c++) {
                int32_t four;
                memcpy(&four, q + c * 32 + 4 * j, 4);
                __m512i v = _mm512_set1_epi32(four);
                DK_UNROLL for (int g = 0; g < 2; g++) dots[g][c] = _mm512_dpbusd_epi32(dots[g][c], w[g], v);
            }
        }
        DK_UNROLL for (int g = 0; g < 2; g++) {
            __m512 w = _mm512_load_ps(panels[g]->scales + s * 16), m = _mm512_setzero_ps();
            if (minimum) m = _mm512_load_ps(panels[g]->mins + s * 16);
            DK_UNROLL for (int c = 0; c < columns; c++) {
                __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(dots[g][c]), w);
                acc[g][c] = _mm512_fmadd_ps(scaled, _mm512_set1_ps(scale[c]), acc[g][c]);
                if (minimum) acc[g][c] = _mm512_fnmadd_ps(m, _mm512_set1_ps(weighted[c]), acc[g][c]);
            }
        }
        negated += columns;
        weighted += columns;
        bool block_ends = steps == 1 || (s & 1);
        q += block_ends ? columns * 32 - (steps - 1) * step : step;
        scale += block_ends ? columns : 0;
    }
    DK_UNROLL for (int g = 0; g < 2; g++)
        DK_UNROLL for (int c = 0; c < columns; c++)
            _mm512_storeu_ps(sums + (g * DK_TILE_COLUMNS + c) * 16, acc[g][c]);
}

#include "operations.h"
#define DK_INTEGER_SCORES
#include "attention.h"
#include "roof.h"
#include "unpack_panel.h"

#define DK_FUSED_COLUMNS 4

typedef __m512i fused_sum;

DK_INLINE void fused_begin(fused_sum *sum, int32_t value, const int shift) {
    (void)shift;
    *sum = _mm512_set1_epi32(value);
}

DK_INLINE void fused_add(fused_sum *sum, const dk_u8x *line, int32_t four, const int j, const int shift) {
    (void)j, (void)shift;
    *sum = _mm512_dpbusd_epi32(*sum, (__m512i)*line, _mm512_set1_epi32(four));
}

DK_INLINE void fused_total(const fused_sum *sum, dk_f16x *total) { *total = (dk_f16x)_mm512_cvtepi32_ps(*sum); }

/// Tokens that are multiplied without panels, a few at a time with the same records from the cache: measured, where
/// unpacking once and storing becomes cheaper than unpacking again.
static int64_t fused_tokens_max(uint32_t type) {
    switch (type) {
    case DK_Q2_K: case DK_Q3_K: case DK_Q6_K: return 4;
    case DK_Q4_K: case DK_Q5_K: case DK_Q5_0: case DK_Q5_1: return 12;
    default: return 8;
    }
}

#include "products.h"
#include "quantize.h"

#pragma clang attribute pop

#define DK_TABLE dk_avx512_kernels
#define DK_NAME "avx512vnni"
#include "table.h"
#endif
