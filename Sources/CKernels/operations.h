// Template: element-wise operations and short reductions over rows of floats. Included by each variant.
// Loops are written so that the compiler's vectoriser takes them; reductions may be reassociated where said.
#include "vectors.h"

/// Lanes of a where the mask is set, else of b.
#define SELECT16(mask, a, b) ((dk_f16x)(((mask) & (dk_i16x)(a)) | (~(mask) & (dk_i16x)(b))))

/// e^x, relative error below 2e-7. Below -87.3 the result is 0; above 88.37 it stays at e^88.37 (2.4e38).
DK_INLINE void fast_exp(dk_f16x *value) {
    dk_f16x x = *value, low = DK_SPLAT16(-87.3f), high = DK_SPLAT16(88.37f);
    dk_f16x clamped = SELECT16(x > high, high, SELECT16(x < low, low, x));
    dk_f16x shifted = clamped * 1.44269504088896341f + 12582912.0f;  // 1.5 * 2^23: an integer in the low bits
    dk_f16x n = shifted - 12582912.0f;
    dk_f16x r = clamped - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    dk_f16x p = DK_SPLAT16(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    dk_f16x power = (dk_f16x)(((dk_i16x)shifted + 127) << 23);
    *value = SELECT16(x < low, DK_SPLAT16(0.0f), p * power);
}

/// tanh x, relative error below 5e-7: a polynomial near zero, 1 - 2 / (e^2x + 1) elsewhere.
DK_INLINE void fast_tanh(dk_f16x *value) {
    dk_f16x x = *value, a = __builtin_elementwise_abs(x), z = x * x;
    dk_f16x p = DK_SPLAT16(-5.70498872745e-3f);
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    dk_f16x near = p * z * x + x, far = 2.0f * a;
    fast_exp(&far);
    far = 1.0f - 2.0f / (far + 1.0f);
    *value = SELECT16(a < 0.625f, near, SELECT16(x < 0.0f, -far, far));
}

/// Runs STATEMENT on vectors v (and w), loaded from x (and y) and stored to out, sixteen at a time; the last ones by
/// way of a padded copy. In place is allowed.
#define EACH16(out, x, y, n, STATEMENT) \
    for (int64_t i_ = 0; i_ < (n); i_ += 16) { \
        dk_f16x v, w = {}; \
        if (i_ + 16 <= (n)) { \
            v = DK_LOAD16((x) + i_); \
            w = DK_LOAD16((y) + i_); \
            STATEMENT; \
            DK_STORE16((out) + i_, v); \
        } else { \
            size_t rest_ = (size_t)((n) - i_) * 4; \
            float a_[16] = {0}, b_[16] = {0}; \
            memcpy(a_, (x) + i_, rest_); \
            memcpy(b_, (y) + i_, rest_); \
            v = DK_LOAD16(a_); \
            w = DK_LOAD16(b_); \
            STATEMENT; \
            DK_STORE16(a_, v); \
            memcpy((out) + i_, a_, rest_); \
        } \
        (void)w; \
    }

static float sum_of_squares(const float *x, int64_t n) {
#pragma clang fp reassociate(on)
    float sum = 0;
    for (int64_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sum;
}

static float largest_of(const float *x, int64_t n) {
    dk_f16x top = DK_SPLAT16(-__builtin_inff());
    int64_t i = 0;
    for (; i + 16 <= n; i += 16) {
        top = __builtin_elementwise_max(DK_LOAD16(x + i), top);
    }
    float best = -__builtin_inff();
    for (; i < n; i++) best = x[i] > best ? x[i] : best;
    float lanes = __builtin_reduce_max(top);
    return lanes > best ? lanes : best;
}

/// out = x / sqrt(mean(x^2) + epsilon) * (weight + weight_offset); weight may be NULL (all ones).
static void rms_norm(const float *x, const float *weight, float epsilon, float weight_offset, float *out, int64_t n) {
    float factor = 1.0f / __builtin_sqrtf(sum_of_squares(x, n) / (float)n + epsilon);
    if (!weight) {
        for (int64_t i = 0; i < n; i++) out[i] = x[i] * factor;
    } else {
        for (int64_t i = 0; i < n; i++) out[i] = x[i] * factor * (weight[i] + weight_offset);
    }
}

static void exponential(const float *x, float *out, int64_t n) {
    EACH16(out, x, x, n, fast_exp(&v))
}

static void hyperbolic_tangent(const float *x, float *out, int64_t n) {
    EACH16(out, x, x, n, fast_tanh(&v))
}

static void softmax(float *x, int64_t n) {
#pragma clang fp reassociate(on)
    float largest = largest_of(x, n), sum = 0;
    EACH16(x, x, x, n, v -= largest; fast_exp(&v))
    for (int64_t i = 0; i < n; i++) sum += x[i];
    float inverse = 1.0f / sum;
    for (int64_t i = 0; i < n; i++) x[i] *= inverse;
}

/// out = gate * sigmoid(gate) * up
static void silu_multiply(const float *gate, const float *up, float *out, int64_t n) {
    EACH16(out, gate, up, n, dk_f16x e = -v; fast_exp(&e); v = v / (1.0f + e) * w)
}

/// out = gelu_tanh(gate) * up, with 0.5 g (1 + tanh u) written as g sigmoid(2u), which does not cancel.
static void gelu_multiply(const float *gate, const float *up, float *out, int64_t n) {
    EACH16(out, gate, up, n,
           dk_f16x e = -1.5957691216057308f * (v + 0.044715f * v * v * v); fast_exp(&e); v = v / (1.0f + e) * w)
}

static void soft_cap(float *x, float cap, int64_t n) {
    float inverse = 1.0f / cap;
    EACH16(x, x, x, n, v *= inverse; fast_tanh(&v); v *= cap)
}

static void add(float *x, const float *y, int64_t n) {
    for (int64_t i = 0; i < n; i++) x[i] += y[i];
}

static void add_scaled(float *x, const float *y, float factor, int64_t n) {
    for (int64_t i = 0; i < n; i++) x[i] += factor * y[i];
}

static void scale(float *x, float factor, int64_t n) {
    for (int64_t i = 0; i < n; i++) x[i] *= factor;
}

/// Rotates (x[i], x[i + pairs]) of every head; elements from 2 * pairs on stay.
static void rope_half(float *x, const float *cosine, const float *sine, int64_t heads, int64_t head_dim,
                      int64_t pairs) {
    for (int64_t h = 0; h < heads; h++) {
        float *low = x + h * head_dim, *high = low + pairs;
        for (int64_t i = 0; i < pairs; i++) {
            float a = low[i], b = high[i];
            low[i] = a * cosine[i] - b * sine[i];
            high[i] = a * sine[i] + b * cosine[i];
        }
    }
}

/// Rotates (x[2i], x[2i + 1]) of every head; elements from 2 * pairs on stay.
static void rope_interleaved(float *x, const float *cosine, const float *sine, int64_t heads, int64_t head_dim,
                             int64_t pairs) {
    for (int64_t h = 0; h < heads; h++) {
        float *v = x + h * head_dim;
        for (int64_t i = 0; i < pairs; i++) {
            float a = v[2 * i], b = v[2 * i + 1];
            v[2 * i] = a * cosine[i] - b * sine[i];
            v[2 * i + 1] = a * sine[i] + b * cosine[i];
        }
    }
}
