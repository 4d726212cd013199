// Template: element-wise operations and short reductions over rows of floats. Included by each variant.
// Loops are written so that the compiler's vectoriser takes them; reductions may be reassociated where said.
#include "vectors.h"

/// e^x, relative error below 2e-7. Below -87.3 the result is 0; above 88.37 it stays at e^88.37 (2.4e38).
DK_INLINE float fast_exp(float x) {
    float clamped = x > 88.37f ? 88.37f : x;
    clamped = clamped < -87.3f ? -87.3f : clamped;
    float shifted = clamped * 1.44269504088896341f + 12582912.0f;  // 1.5 * 2^23: rounds to an integer in the low bits
    float n = shifted - 12582912.0f;
    float r = clamped - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    uint32_t bits;
    memcpy(&bits, &shifted, 4);
    bits = (bits + 127) << 23;
    float power;
    memcpy(&power, &bits, 4);
    return x < -87.3f ? 0.0f : p * power;
}

/// tanh x, relative error below 4e-7.
DK_INLINE float fast_tanh(float x) {
    float a = __builtin_fabsf(x), z = x * x;
    float p = -5.70498872745e-3f;
    p = p * z + 2.06390887954e-2f;
    p = p * z - 5.37397155531e-2f;
    p = p * z + 1.33314422036e-1f;
    p = p * z - 3.33332819422e-1f;
    float near = p * z * x + x;
    float far = 1.0f - 2.0f / (fast_exp(2.0f * a) + 1.0f);
    far = x < 0 ? -far : far;
    return a < 0.625f ? near : far;
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
    for (int lane = 0; lane < 16; lane++) best = top[lane] > best ? top[lane] : best;
    return best;
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
    for (int64_t i = 0; i < n; i++) out[i] = fast_exp(x[i]);
}

static void hyperbolic_tangent(const float *x, float *out, int64_t n) {
    for (int64_t i = 0; i < n; i++) out[i] = fast_tanh(x[i]);
}

static void softmax(float *x, int64_t n) {
#pragma clang fp reassociate(on)
    float largest = largest_of(x, n), sum = 0;
    for (int64_t i = 0; i < n; i++) x[i] -= largest;
    exponential(x, x, n);
    for (int64_t i = 0; i < n; i++) sum += x[i];
    float inverse = 1.0f / sum;
    for (int64_t i = 0; i < n; i++) x[i] *= inverse;
}

/// out = gate * sigmoid(gate) * up
static void silu_multiply(const float *gate, const float *up, float *out, int64_t n) {
    for (int64_t i = 0; i < n; i++) out[i] = gate[i] / (1.0f + fast_exp(-gate[i])) * up[i];
}

/// out = gelu_tanh(gate) * up, with 0.5 g (1 + tanh u) written as g sigmoid(2u), which does not cancel.
static void gelu_multiply(const float *gate, const float *up, float *out, int64_t n) {
    for (int64_t i = 0; i < n; i++) {
        float g = gate[i], u = 0.7978845608028654f * (g + 0.044715f * g * g * g);
        out[i] = g / (1.0f + fast_exp(-2.0f * u)) * up[i];
    }
}

static void soft_cap(float *x, float cap, int64_t n) {
    float inverse = 1.0f / cap;
    for (int64_t i = 0; i < n; i++) x[i] = cap * fast_tanh(x[i] * inverse);
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
