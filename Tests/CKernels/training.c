// The kernels of training against the same thing written out in double precision, in every variant of this processor.
#include "check.h"
#include "danlu_training.h"

static const dk_training_kernels *training;

static void check_values(const char *what, const float *found, const double *expected, int64_t count, double tolerance) {
    double worst = 0, size = 1e-6;
    for (int64_t i = 0; i < count; i++) {
        worst = fmax(worst, fabs(found[i] - expected[i]));
        size = fmax(size, fabs(expected[i]));
    }
    CHECK(worst <= tolerance * size, "training %s, %s: off by %g of %g", training->name, what, worst, size);
}

static float *random_floats(int64_t count) {
    float *values = allocate(count * 4);
    for (int64_t i = 0; i < count; i++) values[i] = random_normal();
    return values;
}

static double *doubles(int64_t count) { return allocate(count * 8); }

static float rounded(float x, bool bfloat) {
    if (!bfloat) return x;
    uint16_t half;
    training->convert(&x, &half, 1);
    union { uint32_t bits; float value; } u = {.bits = (uint32_t)half << 16};
    return u.value;
}

/// out = a * b' of matrices with odd numbers of rows, both factors in panels; then b's columns, summed over rows.
static void test_panel_products(bool bfloat) {
    enum { rows = 37, columns = 64, inner = 96 };
    float *a = random_floats(rows * inner), *b = random_floats(columns * inner);
    const int64_t units = bfloat ? inner / 2 : inner;
    uint32_t *left = allocate(64 * units * 4), *right = allocate(columns * units * 4);
    dk_values a_values = {a, inner, false}, b_values = {b, inner, false};
    training->pack_rows(&a_values, 0, rows, inner, bfloat, units, left);
    training->pack_rows(&b_values, 0, columns, inner, bfloat, units, right);
    float *out = random_floats(rows * columns), *base = random_floats(rows * columns);
    double *expected = doubles(rows * columns);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t c = 0; c < columns; c++) {
            double sum = base[r * columns + c];
            for (int64_t i = 0; i < inner; i++)
                sum += (double)rounded(a[r * inner + i], bfloat) * rounded(b[c * inner + i], bfloat);
            expected[r * columns + c] = sum;
        }
    dk_panel_product job = {
        .a = left, .a_row = units * DK_PANEL_ROWS, .a_is_panels = true, .bfloat = bfloat, .b = right,
        .b_panel = units * DK_PANEL_ROWS, .units = units, .rows = rows, .columns = columns, .store = DK_ADD_FLOAT,
        .out = out, .out_row = columns, .base = base, .base_row = columns};
    training->product(&job);
    check_values(bfloat ? "product of panels, bf16" : "product of panels", out, expected, rows * columns, 1e-5);

    // The other orientation: units run along the rows of both, an odd number of them.
    const int64_t pairs = bfloat ? (rows + 1) / 2 : rows;
    float *d = random_floats(rows * columns);
    uint32_t *tall = allocate(columns * pairs * 4), *wide = allocate(inner * pairs * 4);
    dk_values d_values = {d, columns, false};
    training->pack_columns(&d_values, 0, rows, columns, bfloat, pairs, tall);
    training->pack_columns(&a_values, 0, rows, inner, bfloat, pairs, wide);
    float *sums = allocate(columns * inner * 4);
    double *expected_sums = doubles(columns * inner);
    for (int64_t c = 0; c < columns; c++)
        for (int64_t i = 0; i < inner; i++)
            for (int64_t r = 0; r < rows; r++)
                expected_sums[c * inner + i] +=
                    (double)rounded(d[r * columns + c], bfloat) * rounded(a[r * inner + i], bfloat);
    dk_panel_product turned = {
        .a = tall, .a_row = pairs * DK_PANEL_ROWS, .a_is_panels = true, .bfloat = bfloat, .b = wide,
        .b_panel = pairs * DK_PANEL_ROWS, .units = pairs, .rows = columns, .columns = inner, .store = DK_STORE_FLOAT,
        .out = sums, .out_row = inner};
    training->product(&turned);
    check_values(bfloat ? "sums over rows, bf16" : "sums over rows", sums, expected_sums, columns * inner, 1e-5);
    void *all[] = {a, b, left, right, out, base, expected, d, tall, wide, sums, expected_sums};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void test_norm(void) {
    enum { rows = 5, n = 96 };
    float *x = random_floats(rows * n), *weight = random_floats(n), *dy = random_floats(rows * n);
    float *y = allocate(rows * n * 4), *dx = allocate(rows * n * 4), *dweight = allocate(n * 4);
    double *ey = doubles(rows * n), *edx = doubles(rows * n), *edweight = doubles(n);
    for (int64_t r = 0; r < rows; r++) {
        const float *row = x + r * n;
        double squares = 0, dot = 0;
        for (int64_t i = 0; i < n; i++) squares += (double)row[i] * row[i];
        double scale = 1 / sqrt(squares / n + 1e-6);
        for (int64_t i = 0; i < n; i++) dot += (double)dy[r * n + i] * weight[i] * row[i];
        for (int64_t i = 0; i < n; i++) {
            ey[r * n + i] = row[i] * scale * weight[i];
            edx[r * n + i] = scale * (dy[r * n + i] * weight[i] - row[i] * dot * scale * scale / n);
            edweight[i] += dy[r * n + i] * row[i] * scale;
        }
    }
    dk_values out = {y, n, false};
    training->norm(x, weight, 1e-6f, &out, rows, n);
    training->norm_backward(x, weight, 1e-6f, dy, dx, dweight, rows, n);
    check_values("norm", y, ey, rows * n, 1e-5);
    check_values("norm's derivative", dx, edx, rows * n, 1e-5);
    check_values("norm's weights", dweight, edweight, n, 1e-5);
    void *all[] = {x, weight, dy, y, dx, dweight, ey, edx, edweight};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

static void test_swiglu(void) {
    enum { rows = 3, n = 64 };
    float *x = random_floats(rows * 2 * n), *dout = random_floats(rows * n);
    float *out = allocate(rows * n * 4), *again = allocate(rows * n * 4), *dx = allocate(rows * 2 * n * 4);
    double *eout = doubles(rows * n), *edx = doubles(rows * 2 * n);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t i = 0; i < n; i++) {
            double gate = x[r * 2 * n + i], up = x[r * 2 * n + n + i], s = 1 / (1 + exp(-gate)), d = dout[r * n + i];
            eout[r * n + i] = gate * s * up;
            edx[r * 2 * n + i] = d * up * s * (1 + gate * (1 - s));
            edx[r * 2 * n + n + i] = d * gate * s;
        }
    dk_values values = {x, 2 * n, false}, result = {out, n, false}, given = {dout, n, false};
    dk_values gradient = {dx, 2 * n, false}, repeated = {again, n, false};
    training->swiglu(&values, &result, rows, n);
    training->swiglu_backward(&values, &given, &gradient, &repeated, rows, n);
    check_values("swiglu", out, eout, rows * n, 1e-5);
    check_values("swiglu once more", again, eout, rows * n, 1e-5);
    check_values("swiglu's derivative", dx, edx, rows * 2 * n, 1e-5);
    void *all[] = {x, dout, out, again, dx, eout, edx};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

enum { tokens = 53, head_dim = 32, group = 2, heads = group * head_dim };

/// What attention should give for one query, and what that query adds to the gradients.
static void attend(const float *const x[4], int64_t t, int64_t h, int64_t from, double *out, double *gradients[3]) {
    const float *q = x[0] + t * heads + h * head_dim, *d = x[3] + t * heads + h * head_dim, scale = 0.17f;
    double p[tokens], sum = 0, most = -INFINITY, dot = 0;
    for (int64_t k = from; k <= t; k++) {
        p[k] = 0;
        for (int64_t i = 0; i < head_dim; i++) p[k] += (double)q[i] * x[1][k * head_dim + i] * scale;
        most = fmax(most, p[k]);
    }
    for (int64_t k = from; k <= t; k++) sum += p[k] = exp(p[k] - most);
    for (int64_t i = 0; i < head_dim; i++) {
        for (int64_t k = from; k <= t; k++) out[i] += p[k] / sum * x[2][k * head_dim + i];
        dot += out[i] * d[i];
    }
    for (int64_t k = from; k <= t; k++) {
        double dp = 0, weight = p[k] / sum;
        for (int64_t i = 0; i < head_dim; i++) dp += (double)d[i] * x[2][k * head_dim + i];
        double ds = weight * (dp - dot) * scale;
        for (int64_t i = 0; i < head_dim; i++) {
            gradients[0][t * heads + h * head_dim + i] += ds * x[1][k * head_dim + i];
            gradients[1][k * head_dim + i] += ds * q[i];
            gradients[2][k * head_dim + i] += weight * d[i];
        }
    }
}

/// Two documents in a row of tokens, two query heads to a key head.
static void test_training_attention(void) {
    float *x[4], *found[4];
    double *expected[4];
    for (int i = 0; i < 4; i++) x[i] = random_floats(tokens * heads);
    for (int i = 0; i < 4; i++) found[i] = allocate(tokens * heads * 4), expected[i] = doubles(tokens * heads);
    int32_t documents[tokens];
    float log_sums[tokens * group];
    for (int32_t t = 0; t < tokens; t++) documents[t] = t < 20 ? 0 : 20;
    for (int64_t t = 0; t < tokens; t++)
        for (int64_t h = 0; h < group; h++)
            attend((const float *const *)x, t, h, documents[t], expected[3] + t * heads + h * head_dim, expected);
    dk_training_attention job = {
        .queries = {x[0], heads, false}, .keys = {x[1], head_dim, false}, .values = {x[2], head_dim, false},
        .output = {found[3], heads, false}, .log_sums = log_sums, .log_sum_row = group, .documents = documents,
        .tokens = tokens, .head_dim = head_dim, .group = group, .scale = 0.17f, .output_gradient = {x[3], heads, false},
        .query_gradient = {found[0], heads, false}, .key_gradient = {found[1], head_dim, false},
        .value_gradient = {found[2], head_dim, false}};
    void *scratch = allocate(training->attention_scratch_bytes(&job));
    training->attention(&job, scratch);
    training->attention_backward(&job, scratch);
    check_values("attention", found[3], expected[3], tokens * heads, 1e-5);
    check_values("attention's queries", found[0], expected[0], tokens * heads, 1e-5);
    check_values("attention's keys", found[1], expected[1], tokens * head_dim, 1e-5);
    check_values("attention's values", found[2], expected[2], tokens * head_dim, 1e-5);
    for (int i = 0; i < 4; i++) free(x[i]), free(found[i]), free(expected[i]);
    free(scratch);
}

static void test_cross_entropy(void) {
    enum { rows = 4, n = 77, row = 96 };
    float *logits = random_floats(rows * row), losses[rows];
    double *expected = doubles(rows * row), expected_losses[rows] = {0};
    int32_t targets[rows] = {3, -1, 76, 0};
    for (int64_t r = 0; r < rows; r++) {
        double sum = 0;
        for (int64_t i = 0; i < n; i++) sum += exp(logits[r * row + i]);
        if (targets[r] < 0) continue;
        expected_losses[r] = log(sum) - logits[r * row + targets[r]];
        for (int64_t i = 0; i < n; i++)
            expected[r * row + i] = 0.25 * (exp(logits[r * row + i]) / sum - (i == targets[r]));
    }
    training->cross_entropy(logits, row, targets, losses, rows, n, row, true, false, 0.25f);
    check_values("losses", losses, expected_losses, rows, 1e-5);
    check_values("logits' gradients", logits, expected, rows * row, 1e-5);
    free(logits), free(expected);
}

static void test_adamw(void) {
    enum { count = 53 };
    float *parameters = random_floats(count), *gradients = random_floats(count);
    float *first = random_floats(count), *second = random_floats(count);
    double expected[count];
    dk_adamw s = {.learning_rate = 0.01f, .beta1 = 0.9f, .beta2 = 0.95f, .epsilon = 1e-8f, .decay = 0.001f,
                  .correction1 = 0.5f, .correction2 = 0.25f, .gradient_scale = 0.7f};
    for (int64_t i = 0; i < count; i++) {
        second[i] = fabsf(second[i]);
        double g = gradients[i] * (double)s.gradient_scale;
        double m = s.beta1 * (double)first[i] + (1 - (double)s.beta1) * g;
        double v = s.beta2 * (double)second[i] + (1 - (double)s.beta2) * g * g;
        expected[i] = parameters[i] * (1 - (double)s.decay)
                      - s.learning_rate * (m / s.correction1) / (sqrt(v / s.correction2) + s.epsilon);
    }
    double squares[1] = {0};
    for (int64_t i = 0; i < count; i++) squares[0] += (double)gradients[i] * gradients[i];
    float sum = (float)training->sum_of_squares(gradients, count);
    check_values("sum of squares", &sum, squares, 1, 1e-6);
    training->adamw(parameters, gradients, first, second, count, &s);
    check_values("AdamW", parameters, expected, count, 1e-5);
    free(parameters), free(gradients), free(first), free(second);
}

void test_training(void) {
    for (int32_t variant = DK_TRAIN_PLAIN; variant <= DK_TRAIN_AVX512_BF16; variant++) {
        training = dk_training_variant(variant);
        if (!training) continue;
        int before = failures;
        test_panel_products(false);
        test_panel_products(true);
        test_norm();
        test_swiglu();
        test_training_attention();
        test_cross_entropy();
        test_adamw();
        printf("training, %s: %d failures\n", training->name, failures - before);
    }
}
