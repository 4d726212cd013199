// Template: cross-entropy of rows of logits, and its derivative in their place.
//
//     loss = log(sum_j e^(z_j - max)) + max - z_target,  dz_j = scale (softmax_j - [j = target])
#include "lanes.h"

/// The largest of n values, and the sum of e^(z - largest).
DK_INLINE float largest_and_sum(const float *z, int64_t n, float *sum) {
    const float lowest = -__builtin_inff();
    dk_f16x top = DK_SPLAT16(lowest), total = {};
    int64_t whole = n / 16 * 16;
    for (int64_t i = 0; i < whole; i += 16) {
        dk_f16x v = DK_LOAD16(z + i);
        top = DK_MAX16(v, top);
    }
    float largest = __builtin_reduce_max(top);
    for (int64_t i = whole; i < n; i++) largest = z[i] > largest ? z[i] : largest;
    for (int64_t i = 0; i < whole; i += 16) {
        dk_f16x v = DK_LOAD16(z + i) - largest;
        exp16(&v);
        total += v;
    }
    float rest[16] = {0};
    for (int64_t i = whole; i < n; i++) rest[i - whole] = z[i] - largest;
    dk_f16x v = DK_LOAD16(rest);
    exp16(&v);
    DK_STORE16(rest, v);
    float result = sum_of_lanes(&total);
    for (int64_t i = whole; i < n; i++) result += rest[i - whole];
    *sum = result;
    return largest;
}

DK_INLINE void softmax_gradient(float *z, int64_t n, int64_t padded, int32_t target, float largest, float factor,
                                float scale, const bool bfloat) {
    float at_target = z[target] - largest;  // before its place is written over
    for (int64_t i = n; i < padded; i++) z[i] = -__builtin_inff();
    for (int64_t i = 0; i < padded; i += 16) {
        dk_f16x v = DK_LOAD16(z + i) - largest;
        exp16(&v);
        v *= factor;
        store16(z, i, bfloat, &v);
    }
    dk_f16x v = DK_SPLAT16(at_target);
    exp16(&v);
    float gradient = v[0] * factor - scale;
    if (bfloat) ((uint16_t *)(void *)z)[target] = dk_float_to_bfloat(gradient);
    else z[target] = gradient;
}

static void cross_entropy(float *logits, int64_t row, const int32_t *targets, float *losses, int64_t rows, int64_t n,
                          int64_t padded, bool gradient, bool bfloat, float scale) {
    for (int64_t r = 0; r < rows; r++) {
        float *z = logits + r * row;
        losses[r] = 0;
        if (targets[r] < 0) {
            if (gradient) memset(z, 0, (size_t)padded * 4);
            continue;
        }
        float sum, largest = largest_and_sum(z, n, &sum);
        losses[r] = __builtin_logf(sum) + (largest - z[targets[r]]);
        if (!gradient) continue;
        if (bfloat) softmax_gradient(z, n, padded, targets[r], largest, scale / sum, scale, true);
        else softmax_gradient(z, n, padded, targets[r], largest, scale / sum, scale, false);
    }
}
