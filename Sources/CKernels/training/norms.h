// Template: RMS norms, of whole rows and of heads with their rotation, and their derivatives.
//
//     y_i = x_i s w_i,  s = 1 / sqrt(mean(x^2) + epsilon)                       (Zhang and Sennrich, 2019)
//     dx_i = s (dy_i w_i - x_i s^2 mean(dy w x)),  dw_i = sum over rows of dy_i x_i s
//
// s is computed again in the derivative: the row is being read anyway. Widths are multiples of 16.
#include "lanes.h"

/// sum of x_i y_i over n values.
DK_INLINE float dot_of_floats(const float *x, const float *y, int64_t n) {
    dk_f16x sum = {};
    for (int64_t i = 0; i < n; i += 16) sum = DK_FMA16(DK_LOAD16(x + i), DK_LOAD16(y + i), sum);
    return sum_of_lanes(&sum);
}

DK_INLINE float norm_factor(const float *x, float epsilon, int64_t n) {
    return 1.0f / __builtin_sqrtf(dot_of_floats(x, x, n) / (float)n + epsilon);
}

static void norm(const float *x, const float *weight, float epsilon, const dk_values *y, int64_t rows, int64_t n) {
    for (int64_t r = 0; r < rows; r++, x += n) {
        float s = norm_factor(x, epsilon, n);
        void *out = value_at(y, r, 0);
        for (int64_t i = 0; i < n; i += 16) {
            dk_f16x v = DK_LOAD16(x + i) * s * DK_LOAD16(weight + i);
            if (y->bfloat) store16(out, i, true, &v);
            else store16(out, i, false, &v);
        }
    }
}

static void norm_backward(const float *x, const float *weight, float epsilon, const float *y_gradient,
                          float *x_gradient, float *weight_gradient, int64_t rows, int64_t n) {
    for (int64_t r = 0; r < rows; r++, x += n, y_gradient += n, x_gradient += n) {
        float s = norm_factor(x, epsilon, n);
        dk_f16x sum = {};
        for (int64_t i = 0; i < n; i += 16)
            sum = DK_FMA16(DK_LOAD16(y_gradient + i) * DK_LOAD16(weight + i), DK_LOAD16(x + i), sum);
        float mean = sum_of_lanes(&sum) / (float)n * s * s;
        for (int64_t i = 0; i < n; i += 16) {
            dk_f16x v = DK_LOAD16(x + i), g = DK_LOAD16(y_gradient + i);
            dk_f16x change = (g * DK_LOAD16(weight + i) - v * mean) * s;
            DK_STORE16(x_gradient + i, DK_LOAD16(x_gradient + i) + change);
            DK_STORE16(weight_gradient + i, DK_FMA16(g, v * s, DK_LOAD16(weight_gradient + i)));
        }
    }
}

/// A head's values as floats, and its norm factor.
DK_INLINE float load_head(const void *x, const bool bfloat, float epsilon, int64_t n, float *out) {
    for (int64_t i = 0; i < n; i += 16) {
        dk_f16x v;
        load16(x, i, bfloat, &v);
        DK_STORE16(out + i, v);
    }
    return norm_factor(out, epsilon, n);
}

/// Elements of a head at most.
#define HEAD_MAX 256

/// Pair (i, i + n/2) turns by the position's angle: (a cos - b sin, a sin + b cos).
DK_INLINE void head_norm_as(const dk_values *x, const float *weight, float epsilon, const float *cosines,
                            const float *sines, const int32_t *positions, const dk_values *y, int64_t rows,
                            int64_t heads, int64_t n, const bool bfloat) {
    float head[HEAD_MAX];
    for (int64_t r = 0; r < rows; r++) {
        const float *cosine = cosines + positions[r] * n / 2, *sine = sines + positions[r] * n / 2;
        for (int64_t h = 0; h < heads; h++) {
            float s = load_head(value_at(x, r, h * n), bfloat, epsilon, n, head);
            void *out = value_at(y, r, h * n);
            for (int64_t i = 0; i < n / 2; i += 16) {
                dk_f16x a = DK_LOAD16(head + i) * s * DK_LOAD16(weight + i);
                dk_f16x b = DK_LOAD16(head + n / 2 + i) * s * DK_LOAD16(weight + n / 2 + i);
                dk_f16x c = DK_LOAD16(cosine + i), z = DK_LOAD16(sine + i);
                dk_f16x low = a * c - b * z, high = a * z + b * c;
                store16(out, i, bfloat, &low);
                store16(out, n / 2 + i, bfloat, &high);
            }
        }
    }
}

static void head_norm(const dk_values *x, const float *weight, float epsilon, const float *cosines, const float *sines,
                      const int32_t *positions, const dk_values *y, int64_t rows, int64_t heads, int64_t head_dim) {
    if (x->bfloat) head_norm_as(x, weight, epsilon, cosines, sines, positions, y, rows, heads, head_dim, true);
    else head_norm_as(x, weight, epsilon, cosines, sines, positions, y, rows, heads, head_dim, false);
}

/// Rotation back, then the norm's derivative.
DK_INLINE void head_norm_backward_as(const dk_values *x, const float *weight, float epsilon, const float *cosines,
                                     const float *sines, const int32_t *positions, const dk_values *gradient,
                                     float *weight_gradient, int64_t rows, int64_t heads, int64_t n,
                                     const bool bfloat) {
    float head[HEAD_MAX], turned[HEAD_MAX];
    for (int64_t r = 0; r < rows; r++) {
        const float *cosine = cosines + positions[r] * n / 2, *sine = sines + positions[r] * n / 2;
        for (int64_t h = 0; h < heads; h++) {
            float s = load_head(value_at(x, r, h * n), bfloat, epsilon, n, head);
            void *g = value_at(gradient, r, h * n);
            dk_f16x sum = {};
            for (int64_t i = 0; i < n / 2; i += 16) {
                dk_f16x low, high, c = DK_LOAD16(cosine + i), z = DK_LOAD16(sine + i);
                load16(g, i, bfloat, &low);
                load16(g, n / 2 + i, bfloat, &high);
                dk_f16x a = low * c + high * z, b = high * c - low * z;
                DK_STORE16(turned + i, a);
                DK_STORE16(turned + n / 2 + i, b);
                sum = DK_FMA16(a * DK_LOAD16(weight + i), DK_LOAD16(head + i), sum);
                sum = DK_FMA16(b * DK_LOAD16(weight + n / 2 + i), DK_LOAD16(head + n / 2 + i), sum);
            }
            float mean = sum_of_lanes(&sum) / (float)n * s * s;
            for (int64_t i = 0; i < n; i += 16) {
                dk_f16x v = DK_LOAD16(head + i), d = DK_LOAD16(turned + i);
                dk_f16x change = (d * DK_LOAD16(weight + i) - v * mean) * s;
                store16(g, i, bfloat, &change);
                DK_STORE16(weight_gradient + i, DK_FMA16(d, v * s, DK_LOAD16(weight_gradient + i)));
            }
        }
    }
}

static void head_norm_backward(const dk_values *x, const float *weight, float epsilon, const float *cosines,
                               const float *sines, const int32_t *positions, const dk_values *gradient,
                               float *weight_gradient, int64_t rows, int64_t heads, int64_t head_dim) {
    if (x->bfloat)
        head_norm_backward_as(x, weight, epsilon, cosines, sines, positions, gradient, weight_gradient, rows, heads,
                              head_dim, true);
    else
        head_norm_backward_as(x, weight, epsilon, cosines, sines, positions, gradient, weight_gradient, rows, heads,
                              head_dim, false);
}
