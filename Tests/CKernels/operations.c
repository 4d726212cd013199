// Element-wise operations against the C library in double precision.
#include "check.h"

static void check_near(const char *name, int64_t n, double value, double expected, double bound) {
    double error = fabs(value - expected) / (fabs(expected) + 1e-3);
    CHECK(error <= bound, "%s of %ld: %.9g instead of %.9g", name, (long)n, value, expected);
}

static void check_functions(void) {
    enum { COUNT = 4001 };
    float *x = allocate(COUNT * 4), *y = allocate(COUNT * 4);
    for (int i = 0; i < COUNT; i++) x[i] = -87.2f + 175.5f * (float)i / (COUNT - 1);
    kernels->exponential(x, y, COUNT);
    for (int i = 0; i < COUNT; i++) {
        double e = exp((double)x[i]);
        CHECK(fabs((double)y[i] / e - 1) < 2e-7, "exp(%g) = %g", (double)x[i], (double)y[i]);
    }
    for (int i = 0; i < COUNT; i++) x[i] = -12 + 24 * (float)i / (COUNT - 1);
    kernels->hyperbolic_tangent(x, y, COUNT);
    for (int i = 0; i < COUNT; i++) {
        double t = tanh((double)x[i]);
        CHECK(fabs((double)y[i] - t) <= 5e-7 * fabs(t), "tanh(%g) = %g", (double)x[i], (double)y[i]);
    }
    const float edges[6] = {-INFINITY, -1000, 1000, INFINITY, 0, NAN};
    kernels->exponential(edges, y, 6);
    CHECK(y[0] == 0 && y[1] == 0 && y[2] > 2e38f && y[3] > 2e38f && y[4] == 1 && isnan(y[5]), "exp at its edges");
    free(x);
    free(y);
}

static void check_rows(int64_t n) {
    float *x = allocate(n * 4), *y = allocate(n * 4), *out[6];
    for (int i = 0; i < 6; i++) out[i] = allocate(n * 4);
    double squares = 0, sum = 0, top = -1e9;
    for (int64_t i = 0; i < n; i++) {
        x[i] = 3 * random_normal();
        y[i] = random_normal();
        squares += (double)x[i] * (double)x[i];
        top = fmax(top, (double)x[i]);
    }
    for (int64_t i = 0; i < n; i++) sum += exp((double)x[i] - top);
    kernels->rms_norm(x, y, 1e-6f, 1, out[0], n);
    kernels->silu_multiply(x, y, out[1], n);
    kernels->gelu_multiply(x, y, out[2], n);
    for (int i = 3; i < 6; i++) memcpy(out[i], x, (size_t)n * 4);
    kernels->softmax(out[3], n);
    kernels->soft_cap(out[4], 1.5f, n);
    kernels->add_scaled(out[5], y, 0.25f, n);
    for (int64_t i = 0; i < n; i++) {
        double a = (double)x[i], b = (double)y[i], inner = 0.7978845608028654 * (a + 0.044715 * a * a * a);
        check_near("norm", n, (double)out[0][i], a / sqrt(squares / (double)n + 1e-6) * (b + 1), 1e-5);
        check_near("silu", n, (double)out[1][i], a / (1 + exp(-a)) * b, 1e-5);
        check_near("gelu", n, (double)out[2][i], 0.5 * a * (1 + tanh(inner)) * b, 1e-5);
        check_near("softmax", n, (double)out[3][i], exp(a - top) / sum, 1e-5);
        check_near("cap", n, (double)out[4][i], 1.5 * tanh(a / 1.5), 1e-5);
        check_near("sum", n, (double)out[5][i], a + 0.25 * b, 1e-5);
    }
    for (int i = 0; i < 6; i++) free(out[i]);
    free(x);
    free(y);
}

static void check_rotation(int64_t pairs) {
    float *x = allocate(3 * 40 * 4), *turned = allocate(3 * 40 * 4), cosine[16], sine[16];
    for (int style = 0; style < 2; style++) {
        for (int i = 0; i < 3 * 40; i++) turned[i] = x[i] = random_normal();
        for (int i = 0; i < pairs; i++) {
            cosine[i] = random_float();
            sine[i] = random_float();
        }
        if (style) kernels->rope_interleaved(turned, cosine, sine, 3, 40, pairs);
        else kernels->rope_half(turned, cosine, sine, 3, 40, pairs);
        for (int64_t head = 0; head < 3; head++) {
            for (int64_t i = 0; i < pairs; i++) {
                int64_t first = head * 40 + (style ? 2 * i : i), second = first + (style ? 1 : pairs);
                double a = (double)x[first], b = (double)x[second], c = (double)cosine[i], s = (double)sine[i];
                check_near("rotation", pairs, (double)turned[first], a * c - b * s, 1e-3);
                check_near("rotation", pairs, (double)turned[second], a * s + b * c, 1e-3);
            }
            for (int64_t i = 2 * pairs; i < 40; i++) CHECK(turned[head * 40 + i] == x[head * 40 + i], "rest turned");
        }
    }
    free(x);
    free(turned);
}

void test_operations(void) {
    seed_random(1);
    check_functions();
    const int64_t sizes[] = {1, 2, 15, 16, 17, 31, 33, 64, 100, 257};
    for (int i = 0; i < 10; i++) check_rows(sizes[i]);
    for (int64_t pairs = 1; pairs <= 16; pairs += 5) check_rotation(pairs);
}
