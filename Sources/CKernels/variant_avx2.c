// The variant for AVX2 with FMA and F16C (Haswell, Zen 1 and later).
#ifdef __x86_64__
#include "dot.h"
#include "lanes_avx2.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi,bmi2"))), apply_to = function)

#define DK_ATTENTION_ROWS 6
#define DK_ATTENTION_WIDE 1
#define DK_FLOAT_GROUPS 1
#define DK_PEAK_CHAINS 6
#define DK_TO_HALF(x) _cvtss_sh(x, _MM_FROUND_TO_NEAREST_INT)
#define DK_HALF16(p) ({ \
    __m256 low_ = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)(p))); \
    __m256 high_ = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)((p) + 8))); \
    (dk_f16x)__builtin_shufflevector(low_, high_, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15); })
#define DK_PEAK_INTEGERS(acc, w, v) ({ \
    union { dk_i16x all; __m256i half[2]; } a_ = {.all = (acc)}, w_ = {.all = (w)}, v_ = {.all = (v)}; \
    for (int h_ = 0; h_ < 2; h_++) { \
        __m256i pairs_ = _mm256_maddubs_epi16(w_.half[h_], v_.half[h_]); \
        __asm__ volatile("" : "+x"(pairs_)); \
        a_.half[h_] = _mm256_add_epi32(a_.half[h_], _mm256_madd_epi16(pairs_, _mm256_set1_epi16(1))); \
    } \
    a_.all; })
#define DK_LOOKUP16(v) ({ \
    union { dk_u8x all; __m256i half[2]; } u_ = {.all = (v)}; \
    __m256i t_ = _mm256_broadcastsi128_si256(iq4_table()); \
    u_.half[0] = _mm256_shuffle_epi8(t_, u_.half[0]); \
    u_.half[1] = _mm256_shuffle_epi8(t_, u_.half[1]); \
    u_.all; })

/// The table's values plus 128.
DK_INLINE __m128i iq4_table(void) {
    return _mm_xor_si128(_mm_setr_epi8(DK_IQ4_VALUES), _mm_set1_epi8((char)0x80));
}

/// Lines whose pairs of products are summed in int16 without overflow: 2 * 127 * (largest weight) a line.
DK_INLINE int run_lines(const int shift) { return shift == 7 ? 1 : shift == 5 ? 2 : 4; }

/// See dot.h. Eight rows at a time. Weights of 8 bits are made signed again and their sign moved to the activation.
DK_INLINE void dot(DOT_PARAMETERS, const int columns, const int step, const int shift, const bool minimum) {
    const int lines = step / 4, steps = 32 / step;
    const bool eight_bits = shift == 7;
    const int run = run_lines(shift);
    const __m256i ones = _mm256_set1_epi16(1);
    for (int half = 0; half < 4; half++) {
        const panel *p = half < 2 ? a : b;
        const int lane = half % 2 * 8;
        float *at = sums + half / 2 * DK_TILE_COLUMNS * 16 + lane;
        const int32_t *negated = step == 32 ? x->sums32 + first : x->sums16 + 2 * first;
        const float *weighted = step == 32 ? x->weighted32 + first : x->weighted16 + 2 * first;
        const float *scale = x->scales + first;
        const int8_t *q = x->quants + first * 32;
        __m256 acc[DK_TILE_COLUMNS];
        DK_UNROLL for (int c = 0; c < columns; c++) acc[c] = _mm256_loadu_ps(at + c * 16);
        for (int64_t s = 0; s < blocks * steps; s++) {
            const uint8_t *line = p->quants + s * lines * 64 + lane * 4;
            __m256i dots[DK_TILE_COLUMNS];
            DK_UNROLL for (int c = 0; c < columns; c++)
                dots[c] = minimum || eight_bits ? _mm256_setzero_si256() : _mm256_set1_epi32(negated[c] << shift);
            DK_UNROLL for (int j = 0; j < lines; j += run) {
                __m256i pairs[DK_TILE_COLUMNS];
                DK_UNROLL for (int i = 0; i < run; i++) {
                    __m256i w = _mm256_load_si256((const __m256i *)(const void *)(line + (j + i) * 64));
                    if (eight_bits) w = _mm256_xor_si256(w, _mm256_set1_epi8((char)0x80));
                    __m256i magnitude = eight_bits ? _mm256_abs_epi8(w) : w;
                    DK_UNROLL for (int c = 0; c < columns; c++) {
                        int32_t four;
                        memcpy(&four, q + c * 32 + 4 * (j + i), 4);
                        __m256i v = _mm256_set1_epi32(four);
                        if (eight_bits) v = _mm256_sign_epi8(v, w);
                        __m256i product = _mm256_maddubs_epi16(magnitude, v);
                        pairs[c] = i ? _mm256_add_epi16(pairs[c], product) : product;
                    }
                }
                DK_UNROLL for (int c = 0; c < columns; c++)
                    dots[c] = _mm256_add_epi32(dots[c], _mm256_madd_epi16(pairs[c], ones));
            }
            __m256 w = _mm256_load_ps(p->scales + s * 16 + lane), m = _mm256_setzero_ps();
            if (minimum) m = _mm256_load_ps(p->mins + s * 16 + lane);
            DK_UNROLL for (int c = 0; c < columns; c++) {
                __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(dots[c]), w);
                acc[c] = _mm256_fmadd_ps(scaled, _mm256_set1_ps(scale[c]), acc[c]);
                if (minimum) acc[c] = _mm256_fnmadd_ps(m, _mm256_set1_ps(weighted[c]), acc[c]);
            }
            negated += columns;
            weighted += columns;
            bool block_ends = steps == 1 || (s & 1);
            q += block_ends ? columns * 32 - (steps - 1) * step : step;
            scale += block_ends ? columns : 0;
        }
        DK_UNROLL for (int c = 0; c < columns; c++) _mm256_storeu_ps(at + c * 16, acc[c]);
    }
}

#include "operations.h"
#include "attention.h"
#include "roof.h"
#include "unpack_panel.h"

#define DK_FUSED_COLUMNS 1

/// Eight rows each; what products of pairs in both halves of a block have come to since they were added to the sums.
typedef struct { __m256i dots[2], pairs[2][2]; } fused_sum;

/// Weights of 8 bits are made signed, and have no offset.
DK_INLINE void fused_begin(fused_sum *sum, int32_t value, const int shift) {
    sum->dots[0] = sum->dots[1] = _mm256_set1_epi32(shift == 7 ? 0 : value);
}

/// As in dot.
DK_INLINE void fused_add(fused_sum *sum, const dk_u8x *line, int32_t four, const int j, const int shift) {
    const bool eight_bits = shift == 7;
    const int run = run_lines(shift);
    const union { dk_u8x all; __m256i half[2]; } lines = {.all = *line};
    DK_UNROLL for (int h = 0; h < 2; h++) {
        __m256i w = lines.half[h], v = _mm256_set1_epi32(four);
        if (eight_bits) {
            w = _mm256_xor_si256(w, _mm256_set1_epi8((char)0x80));
            v = _mm256_sign_epi8(v, w);
            w = _mm256_abs_epi8(w);
        }
        __m256i product = _mm256_maddubs_epi16(w, v);
        __m256i pairs = j % run ? _mm256_add_epi16(sum->pairs[h][j / 4], product) : product;
        sum->pairs[h][j / 4] = pairs;
        if (j % run == run - 1)
            sum->dots[h] = _mm256_add_epi32(sum->dots[h], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
}

DK_INLINE void fused_total(const fused_sum *sum, dk_f16x *total) {
    const union { __m256i half[2]; dk_i16x all; } dots = {.half = {sum->dots[0], sum->dots[1]}};
    *total = __builtin_convertvector(dots.all, dk_f16x);
}

static int64_t fused_tokens_max(uint32_t type) {
    (void)type;
    return 1;
}

#include "products.h"
#include "quantize.h"

#pragma clang attribute pop

#define DK_TABLE dk_avx2_kernels
#define DK_NAME "avx2"
#include "table.h"
#endif
