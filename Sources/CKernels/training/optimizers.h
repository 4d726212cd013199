// Template: one pass over the parameters for an optimiser's step, and what its bookkeeping needs.
#include "lanes.h"

/// Decoupled weight decay (Loshchilov and Hutter, 2019): p -= decay p; then p -= rate m^ / (sqrt(v^) + epsilon).
static void adamw(float *parameters, const float *gradients, float *first, float *second, int64_t count,
                  const dk_adamw *s) {
    const float kept = 1 - s->decay, rate = s->learning_rate / s->correction1;
    const float root = 1 / __builtin_sqrtf(s->correction2);
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        dk_f16x g = DK_LOAD16(gradients + i) * s->gradient_scale;
        dk_f16x m = DK_LOAD16(first + i), v = DK_LOAD16(second + i);
        m = DK_FMA16(g - m, DK_SPLAT16(1 - s->beta1), m);
        v = v * s->beta2 + g * g * (1 - s->beta2);
        DK_STORE16(first + i, m);
        DK_STORE16(second + i, v);
        dk_f16x divisor = __builtin_elementwise_sqrt(v) * root + s->epsilon;
        DK_STORE16(parameters + i, DK_LOAD16(parameters + i) * kept - rate * m / divisor);
    }
    for (; i < count; i++) {
        float g = gradients[i] * s->gradient_scale;
        first[i] += (g - first[i]) * (1 - s->beta1);
        second[i] = second[i] * s->beta2 + g * g * (1 - s->beta2);
        parameters[i] = parameters[i] * kept
                        - rate * first[i] / (__builtin_sqrtf(second[i]) * root + s->epsilon);
    }
}

static void momentum(const float *gradients, float *average, float *update, int64_t count, float m, float scale) {
    for (int64_t i = 0; i < count; i++) {
        float g = gradients[i] * scale;
        average[i] += (g - average[i]) * (1 - m);
        update[i] = g + (average[i] - g) * m;
    }
}

static void blend(float *x, float factor, const float *y, float other_factor, int64_t count) {
    for (int64_t i = 0; i < count; i++) x[i] = x[i] * factor + y[i] * other_factor;
}

/// Sixteen sums in double: a run of equal numbers loses nothing.
static double sum_of_squares_double(const float *x, int64_t count) {
    typedef double doubles __attribute__((vector_size(128)));
    doubles sum = {};
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        doubles v = __builtin_convertvector(DK_LOAD16(x + i), doubles);
        sum += v * v;
    }
    double total = 0;
    for (int lane = 0; lane < 16; lane++) total += sum[lane];
    for (; i < count; i++) total += (double)x[i] * (double)x[i];
    return total;
}
