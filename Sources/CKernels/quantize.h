// Template: floats into blocks of a quantised type (formats.h draws them). Each variant includes it last.
//
// quantize_fit.h finds the scales that lose least. A superblock holds them as small integers with common factors: each
// is rounded to such a multiple, tried with its neighbours, and the factors are solved for again.
#include "quantize_fit.h"

static void put_half(uint8_t *p, float value) {
    uint16_t half = dk_float_to_half(value);
    memcpy(p, &half, 2);
}

// MARK: Without minimum

DK_INLINE void load_block(const float *source, dk_f16x *x, const int parts) {
    DK_UNROLL for (int p = 0; p < parts; p++) x[p] = DK_LOAD16(source + p * 16);
}

/// Integers for a scale, less the lowest.
DK_INLINE void store_levels(const dk_f16x *x, const int parts, float low, float high, float scale, uint8_t *q) {
    float inverse = scale != 0 ? 1 / scale : 0, a[32];
    DK_UNROLL for (int p = 0; p < parts; p++)
        DK_STORE16(a + p * 16, NEAREST_WITHIN(x[p] * inverse, low, high) - low);
    for (int i = 0; i < parts * 16; i++) q[i] = (uint8_t)a[i];
}

static void quantize_q8_0(const float *source, uint8_t *b) {
    dk_f16x x[2], w[2];
    uint8_t q[32];
    load_block(source, x, 2);
    element_weights(x, w, 2);
    // Not -128: other programs' kernels may negate.
    float d = round_half(best_scale(x, w, 2, -127, 127, 12));
    put_half(b, d);
    store_levels(x, 2, -127, 127, d, q);
    for (int k = 0; k < 32; k++) b[2 + k] = (uint8_t)(q[k] - 127);
}

/// Nibbles and, with `fifth`, the plane of fifth bits before them.
static void store_nibbles(const uint8_t *q, bool fifth, uint8_t *p) {
    uint32_t bits = 0;
    uint8_t *nibbles = fifth ? p + 4 : p;
    for (int k = 0; k < 16; k++) nibbles[k] = (uint8_t)((q[k] & 15) | q[k + 16] << 4);
    for (int k = 0; k < 32; k++) bits |= (uint32_t)(q[k] >> 4) << k;
    if (fifth) memcpy(p, &bits, 4);
}

/// Q4_0 and Q5_0.
DK_INLINE void quantize_without_minimum(const float *source, uint8_t *b, const bool fifth) {
    dk_f16x x[2], w[2];
    uint8_t q[32];
    float top = fifth ? 16 : 8;
    load_block(source, x, 2);
    element_weights(x, w, 2);
    float d = round_half(best_scale(x, w, 2, -top, top - 1, 16));
    put_half(b, d);
    store_levels(x, 2, -top, top - 1, d, q);
    store_nibbles(q, fifth, b + 2);
}

/// Q6_K: sixteen scales of 8 bits, signed, and their factor.
static void quantize_q6_k(const float *source, uint8_t *b) {
    dk_f16x x[16], w[16];
    float scales[16], widest = 0;
    for (int i = 0; i < 16; i++) {
        load_block(source + i * 16, x + i, 1);
        element_weights(x + i, w + i, 1);
        scales[i] = best_scale(x + i, w + i, 1, -32, 31, 12);
        if (__builtin_fabsf(scales[i]) > __builtin_fabsf(widest)) widest = scales[i];
    }
    float d = round_half(widest / -128);
    uint8_t q[256];
    for (int i = 0; i < 16; i++) {
        float middle = d != 0 ? __builtin_rintf(scales[i] / d) : 0, best = __builtin_inff();
        int chosen = 0;
        for (int step = -2; step <= 2; step++) {
            float level = __builtin_fminf(__builtin_fmaxf(middle + (float)step, -128), 127);
            float error = error_of_scale(x + i, w + i, 1, -32, 31, d * level);
            if (error < best) {
                best = error;
                chosen = (int)level;
            }
        }
        b[192 + i] = (uint8_t)(int8_t)chosen;
        store_levels(x + i, 1, -32, 31, d * (float)chosen, q + i * 16);
    }
    put_half(b + 208, d);
    for (int half = 0; half < 2; half++) {
        const uint8_t *v = q + half * 128;
        for (int l = 0; l < 32; l++) {
            b[half * 64 + l] = (uint8_t)((v[l] & 15) | (v[l + 64] & 15) << 4);
            b[half * 64 + 32 + l] = (uint8_t)((v[l + 32] & 15) | (v[l + 96] & 15) << 4);
            b[128 + half * 32 + l] =
                (uint8_t)(v[l] >> 4 | v[l + 32] >> 4 << 2 | v[l + 64] >> 4 << 4 | v[l + 96] >> 4 << 6);
        }
    }
}

// MARK: With minimum

DK_INLINE void store_line(const dk_f16x *x, float top, float scale, float minimum, uint8_t *q) {
    float inverse = scale != 0 ? 1 / scale : 0, a[32];
    DK_UNROLL for (int p = 0; p < 2; p++)
        DK_STORE16(a + p * 16, NEAREST_WITHIN((x[p] + minimum) * inverse, 0, top));
    for (int i = 0; i < 32; i++) q[i] = (uint8_t)a[i];
}

/// Q4_1 and Q5_1.
DK_INLINE void quantize_with_minimum(const float *source, uint8_t *b, const bool fifth) {
    dk_f16x x[2], w[2];
    uint8_t q[32];
    float top = fifth ? 31 : 15;
    load_block(source, x, 2);
    element_weights(x, w, 2);
    dk_line line = best_line(x, w, top, -__builtin_inff());
    float d = round_half(line.scale), m = round_half(line.minimum);
    put_half(b, d);
    put_half(b + 2, -m);
    store_line(x, top, d, m, q);
    store_nibbles(q, fifth, b + 4);
}

/// The two factors of a superblock of Q4_K or Q5_K with the integers that multiply them.
typedef struct { float d, dmin; int scales[8], mins[8]; float error; } dk_superblock;

/// Rounds each block's line to the factors' multiples, trying the neighbours.
DK_INLINE void round_lines(dk_superblock *s, const dk_f16x *x, const dk_f16x *w, const dk_line *lines, float top) {
    s->error = 0;
    for (int j = 0; j < 8; j++) {
        float best = __builtin_inff();
        float scale = s->d > 0 ? __builtin_rintf(lines[j].scale / s->d) : 0;
        float minimum = s->dmin > 0 ? __builtin_rintf(lines[j].minimum / s->dmin) : 0;
        for (int i = -1; i <= 1; i++) {
            for (int k = -1; k <= 1; k++) {
                float a = __builtin_fminf(__builtin_fmaxf(scale + (float)i, 0), 63);
                float c = __builtin_fminf(__builtin_fmaxf(minimum + (float)k, 0), 63);
                float error = error_of_line(x + 2 * j, w + 2 * j, top, s->d * a, s->dmin * c);
                if (!(error < best)) continue;
                best = error;
                s->scales[j] = (int)a;
                s->mins[j] = (int)c;
            }
        }
        s->error += best;
    }
}

/// Solves for the factors that suit the integers best; false when they do not determine them.
DK_INLINE bool solve_factors(dk_superblock *s, const dk_f16x *x, const dk_f16x *w, float top) {
    // x = d (scale q) - dmin (min): sums of products of u = scale q, v = min and x.
    float uu = 0, uv = 0, vv = 0, xu = 0, xv = 0;
    for (int j = 0; j < 8; j++) {
        float scale = s->d * (float)s->scales[j], inverse = scale != 0 ? 1 / scale : 0, v = (float)s->mins[j];
        dk_f16x a = {}, b = {}, c = {}, e = {}, f = {};
        DK_UNROLL for (int p = 0; p < 2; p++) {
            dk_f16x y = x[2 * j + p], weight = w[2 * j + p];
            dk_f16x u = NEAREST_WITHIN((y + s->dmin * v) * inverse, 0, top) * (float)s->scales[j], wu = weight * u;
            a = a + wu * u;
            b = b + wu;
            c = c + weight;
            e = e + wu * y;
            f = f + weight * y;
        }
        uu += SUM_LANES(a);
        uv += SUM_LANES(b) * v;
        vv += SUM_LANES(c) * v * v;
        xu += SUM_LANES(e);
        xv += SUM_LANES(f) * v;
    }
    float determinant = uu * vv - uv * uv;
    if (vv == 0 && uu > 0) {
        s->d = round_half(xu / uu);
        return s->d > 0;
    }
    if (!(determinant > 0)) return false;
    float d = (xu * vv - xv * uv) / determinant, dmin = (xu * uv - xv * uu) / determinant;
    s->d = round_half(d);
    s->dmin = round_half(dmin);
    return s->d > 0 && s->dmin >= 0;
}

static void store_scales(const dk_superblock *s, uint8_t *p) {
    memset(p, 0, 12);
    for (int j = 0; j < 4; j++) {
        p[j] = (uint8_t)(s->scales[j] | s->scales[j + 4] >> 4 << 6);
        p[j + 4] = (uint8_t)(s->mins[j] | s->mins[j + 4] >> 4 << 6);
        p[j + 8] = (uint8_t)((s->scales[j + 4] & 15) | (s->mins[j + 4] & 15) << 4);
    }
}

/// Q4_K and Q5_K.
DK_INLINE void quantize_superblock(const float *source, uint8_t *b, const bool fifth) {
    dk_f16x x[16], w[16];
    dk_line lines[8];
    float top = fifth ? 31 : 15, widest = 0, deepest = 0;
    for (int j = 0; j < 8; j++) {
        load_block(source + j * 32, x + 2 * j, 2);
        element_weights(x + 2 * j, w + 2 * j, 2);
        lines[j] = best_line(x + 2 * j, w + 2 * j, top, 0);
        widest = __builtin_fmaxf(widest, lines[j].scale);
        deepest = __builtin_fmaxf(deepest, lines[j].minimum);
    }
    dk_superblock best = {.d = round_half(widest / 63), .dmin = round_half(deepest / 63)};
    round_lines(&best, x, w, lines, top);
    dk_superblock next = best;
    for (int round = 0; round < 4 && solve_factors(&next, x, w, top); round++) {
        round_lines(&next, x, w, lines, top);
        if (!(next.error < best.error)) break;
        best = next;
    }
    uint8_t q[256], *nibbles = b + (fifth ? 48 : 16);
    for (int j = 0; j < 8; j++)
        store_line(x + 2 * j, top, best.d * (float)best.scales[j], best.dmin * (float)best.mins[j], q + 32 * j);
    put_half(b, best.d);
    put_half(b + 2, best.dmin);
    store_scales(&best, b + 4);
    for (int j = 0; j < 8; j += 2)
        for (int k = 0; k < 32; k++)
            nibbles[j * 16 + k] = (uint8_t)((q[j * 32 + k] & 15) | (q[j * 32 + 32 + k] & 15) << 4);
    if (!fifth) return;
    memset(b + 16, 0, 32);
    for (int k = 0; k < 256; k++) b[16 + k % 32] |= (uint8_t)((q[k] >> 4) << (k / 32));
}

// MARK: All types

/// The largest number that a type holds; of blocks, that their scale holds.
static float largest_of_type(uint32_t type) {
    switch (type) {
    case DK_F32: return 0x1.fffffep127f;
    case DK_BF16: return 0x1.fep127f;
    default: return 65504;
    }
}

/// The first of `count` elements that is not finite or beyond `limit`; -1 when there is none.
static int64_t first_beyond(const float *x, int64_t count, float limit) {
    for (int64_t i = 0; i < count; i++)
        if (!(__builtin_fabsf(x[i]) <= limit)) return i;
    return -1;
}

/// See dk_kernels.
static int64_t quantize(uint32_t type, const float *source, void *output, int64_t count) {
    int64_t elements = dk_block_elements(type), bytes = dk_block_bytes(type);
    int64_t beyond = first_beyond(source, count, largest_of_type(type));
    if (beyond >= 0) return beyond;
    if (elements == 1) {
        dk_store_floats(type, source, output, count);
        return -1;
    }
    uint8_t *b = output;
    for (const float *x = source; x < source + count; x += elements, b += bytes) {
        switch (type) {
        case DK_Q8_0: quantize_q8_0(x, b); break;
        case DK_Q4_0: quantize_without_minimum(x, b, false); break;
        case DK_Q5_0: quantize_without_minimum(x, b, true); break;
        case DK_Q4_1: quantize_with_minimum(x, b, false); break;
        case DK_Q5_1: quantize_with_minimum(x, b, true); break;
        case DK_Q4_K: quantize_superblock(x, b, false); break;
        case DK_Q5_K: quantize_superblock(x, b, true); break;
        default: quantize_q6_k(x, b); break;
        }
    }
    return -1;
}
