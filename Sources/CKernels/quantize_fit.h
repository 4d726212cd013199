// Template: the scale, or scale and minimum, with which a block of floats loses least. Included by quantize.h.
//
// Given a scale (and a minimum), the best integer of each element is the nearest; so what is searched is the scale.
// Candidates spread around the one that just covers the block; the integers of each give, by weighted least squares,
// the scale that suits them best. Elements weigh more the larger they are.
//
// All variants give the same bytes: lanes are added in one order, and no product is fused with a sum.
#include "vectors.h"
#pragma clang fp contract(off)

#ifndef DK_QUANTIZE_WEIGHT
#define DK_QUANTIZE_WEIGHT 1
#endif

/// Blocks with nothing larger are zeros; their scale would not be a number that halves have.
#define DK_QUANTIZE_SMALLEST 1e-15f

/// The sum of a vector's lanes, halves first.
#define SUM_LANES(v) ({ \
    float a_[16]; \
    DK_STORE16(a_, v); \
    DK_UNROLL for (int step_ = 8; step_; step_ /= 2) \
        DK_UNROLL for (int i_ = 0; i_ < step_; i_++) a_[i_] += a_[i_ + step_]; \
    a_[0]; })

/// Lanes rounded to the nearest integer of low ... high. 1.5 * 2^23: what is added to it loses its fraction.
#define NEAREST_WITHIN(x, low, high) ({ \
    dk_f16x rounded_ = ((x) + 12582912.0f) - 12582912.0f; \
    __builtin_elementwise_max(__builtin_elementwise_min(rounded_, DK_SPLAT16(high)), DK_SPLAT16(low)); })

static float round_half(float value) { return dk_half_to_float(dk_float_to_half(value)); }

/// How much each element's error counts.
DK_INLINE void element_weights(const dk_f16x *x, dk_f16x *w, const int parts) {
    dk_f16x squares = x[0] * x[0];
    if (parts == 2) squares = squares + x[1] * x[1];
    float mean = SUM_LANES(squares) / (float)(16 * parts);
    DK_UNROLL for (int p = 0; p < parts; p++) {
        if (DK_QUANTIZE_WEIGHT == 0) w[p] = DK_SPLAT16(1.0f);
        if (DK_QUANTIZE_WEIGHT == 1) w[p] = __builtin_elementwise_abs(x[p]) + __builtin_sqrtf(mean);
        if (DK_QUANTIZE_WEIGHT == 2) w[p] = x[p] * x[p];
        if (DK_QUANTIZE_WEIGHT == 3) w[p] = x[p] * x[p] + mean;
    }
}

DK_INLINE float largest_magnitude(const dk_f16x *x, const int parts, float *signed_value) {
    float a[32], largest = 0;
    *signed_value = 0;
    DK_UNROLL for (int p = 0; p < parts; p++) DK_STORE16(a + p * 16, x[p]);
    for (int i = 0; i < parts * 16; i++) {
        float magnitude = __builtin_fabsf(a[i]);
        if (magnitude > largest) {
            largest = magnitude;
            *signed_value = a[i];
        }
    }
    return largest;
}

// MARK: Without minimum: x = scale * q, q in low ... high

DK_INLINE float error_of_scale(const dk_f16x *x, const dk_f16x *w, const int parts, float low, float high,
                               float scale) {
    float inverse = scale != 0 ? 1 / scale : 0;
    dk_f16x error = {};
    DK_UNROLL for (int p = 0; p < parts; p++) {
        dk_f16x off = x[p] - NEAREST_WITHIN(x[p] * inverse, low, high) * scale;
        error = error + w[p] * off * off;
    }
    return SUM_LANES(error);
}

/// Weighted sums of x q and q q for the integers that `inverse` gives.
DK_INLINE void sums_of_inverse(const dk_f16x *x, const dk_f16x *w, const int parts, float low, float high,
                               float inverse, float *xq, float *qq) {
    dk_f16x a = {}, b = {};
    DK_UNROLL for (int p = 0; p < parts; p++) {
        dk_f16x q = NEAREST_WITHIN(x[p] * inverse, low, high), wq = w[p] * q;
        a = a + wq * x[p];
        b = b + wq * q;
    }
    *xq = SUM_LANES(a);
    *qq = SUM_LANES(b);
}

/// The scale that loses least; 0 for a block of zeros. The largest element may stand on either side.
DK_INLINE float best_scale(const dk_f16x *x, const dk_f16x *w, const int parts, float low, float high, int tries) {
    float extreme, best = 0, scale = 0;
    if (largest_magnitude(x, parts, &extreme) < DK_QUANTIZE_SMALLEST) return 0;
    for (int side = 0; side < 2; side++) {
        float edge = side ? high : low;
        for (int i = -tries; i <= tries; i++) {
            float inverse = (edge + 0.125f * (float)i) / extreme, xq, qq;
            sums_of_inverse(x, w, parts, low, high, inverse, &xq, &qq);
            if (qq > 0 && xq * xq > best * qq) {
                scale = xq / qq;
                best = scale * xq;
            }
        }
    }
    for (int round = 0; round < 3 && scale != 0; round++) {
        float xq, qq;
        sums_of_inverse(x, w, parts, low, high, 1 / scale, &xq, &qq);
        if (!(qq > 0 && xq * xq > best * qq)) break;
        scale = xq / qq;
        best = scale * xq;
    }
    return scale;
}

// MARK: With minimum: x = scale * q - minimum, q in 0 ... top

typedef struct { float scale, minimum, error; } dk_line;

DK_INLINE float error_of_line(const dk_f16x *x, const dk_f16x *w, float top, float scale, float minimum) {
    float inverse = scale != 0 ? 1 / scale : 0;
    dk_f16x error = {};
    DK_UNROLL for (int p = 0; p < 2; p++) {
        dk_f16x q = NEAREST_WITHIN((x[p] + minimum) * inverse, 0, top), off = x[p] - (q * scale - minimum);
        error = error + w[p] * off * off;
    }
    return SUM_LANES(error);
}

/// Keeps the line through the integers that `scale` and `minimum` give, when it loses less.
/// `floor` is the smallest minimum allowed.
DK_INLINE bool improve_line(dk_line *line, const dk_f16x *x, const dk_f16x *w, float top, float inverse, float minimum,
                            float floor, float sum_w, float sum_x) {
    dk_f16x a = {}, b = {}, c = {};
    DK_UNROLL for (int p = 0; p < 2; p++) {
        dk_f16x q = NEAREST_WITHIN((x[p] + minimum) * inverse, 0, top), wq = w[p] * q;
        a = a + wq;
        b = b + wq * q;
        c = c + wq * x[p];
    }
    float q = SUM_LANES(a), qq = SUM_LANES(b), xq = SUM_LANES(c), determinant = sum_w * qq - q * q;
    if (!(determinant > 0)) return false;
    float scale = (sum_w * xq - sum_x * q) / determinant, least = (q * xq - qq * sum_x) / determinant;
    if (least < floor) {
        least = floor;
        scale = (xq + least * q) / qq;
    }
    float error = error_of_line(x, w, top, scale, least);
    if (!(error < line->error)) return false;
    *line = (dk_line){scale, least, error};
    return true;
}

/// The scale and minimum that lose least for a block of 32.
DK_INLINE dk_line best_line(const dk_f16x *x, const dk_f16x *w, float top, float floor) {
    float a[32], low = 0, high = 0;
    DK_STORE16(a, x[0]);
    DK_STORE16(a + 16, x[1]);
    low = high = a[0];
    for (int i = 1; i < 32; i++) {
        low = __builtin_fminf(low, a[i]);
        high = __builtin_fmaxf(high, a[i]);
    }
    low = __builtin_fminf(low, -floor);
    float range = high - low, sum_w = SUM_LANES(w[0] + w[1]), sum_x = SUM_LANES(w[0] * x[0] + w[1] * x[1]);
    dk_line line = {0, -low, 0};
    line.error = error_of_line(x, w, top, 0, -low);
    if (range < DK_QUANTIZE_SMALLEST) return line;
    for (int i = -10; i <= 14; i++)
        improve_line(&line, x, w, top, (top + 0.1f * (float)i) / range, -low, floor, sum_w, sum_x);
    for (int round = 0; round < 4; round++)
        if (!improve_line(&line, x, w, top, 1 / line.scale, line.minimum, floor, sum_w, sum_x)) break;
    return line;
}
