// Attention over a cache of every element type against double precision, read from the pages as kv_cache.h draws them.
#include "check.h"
#include "formats.h"

typedef struct {
    int32_t kv_heads, group, key_dim, value_dim;
    int64_t first, tokens;
    int32_t window;
    float cap;
} attention_case;

static const attention_case cases[] = {
    {2, 3, 64, 64, 0, 1, 0, 0},     {2, 3, 64, 64, 31, 3, 0, 0},   {1, 7, 64, 64, 40, 13, 0, 0},
    {1, 1, 8, 8, 3, 40, 0, 0},      {1, 4, 256, 256, 50, 2, 32, 0}, {3, 1, 80, 48, 0, 35, 1, 0},
    {1, 2, 100, 36, 20, 9, 0, 3},   {1, 7, 64, 64, 600, 1, 0, 0},  {1, 2, 32, 16, 1030, 3, 513, 0},
    {1, 8, 64, 128, 500, 20, 0, 5}, {1, 5, 96, 72, 70, 4, 33, 2},  {1, 6, 128, 128, 64, 1, 0, 0},
};

static const struct {
    uint32_t type;
    const char *name;
    double rounding;  // of what is stored, relative to the largest of 32
} elements[] = {{DK_F32, "f32", 0}, {DK_F16, "f16", 5e-4}, {DK_BF16, "bf16", 4e-3}, {DK_Q8_0, "q8_0", 4.5e-3}};

/// Feature d of the key, or value, in slot t of a kv head's part of a page.
static double cached(const uint8_t *page, uint32_t element, int32_t dim, int64_t t, int64_t d, bool key) {
    int64_t at = key ? d * 32 + t : t * dim + d;
    float value = 0;
    if (element != DK_Q8_0) {
        dk_dequantize(element, page + at * dk_block_bytes(element), &value, 1);
        return (double)value;
    }
    int64_t blocks = (dim + 31) / 32, padded = (dim + 3) / 4 * 4;
    const uint8_t *bytes = page + blocks * 64;
    float scale = dk_half_to_float(dk_load16(page + d / 32 * 64 + t * 2));
    int q = key ? (int8_t)(bytes[d / 4 * 128 + t * 4 + d % 4] ^ 0x80) : (int8_t)bytes[t * padded + d];
    return (double)scale * q;
}

typedef struct {
    attention_case shape;
    int e;
    int64_t total;
    float *keys, *values, *queries;
    int32_t *pages;
    uint8_t *key_pages, *value_pages;
} fixture;

static const uint8_t *page_of(const fixture *f, bool key, int64_t position, int32_t head) {
    int32_t dim = key ? f->shape.key_dim : f->shape.value_dim;
    int64_t part = (int64_t)f->pages[position / 32] * f->shape.kv_heads + head;
    return (key ? f->key_pages : f->value_pages) + part * dk_kv_page_bytes(elements[f->e].type, dim);
}

static void check_stored(const fixture *f, const float *source, int32_t dim, bool key) {
    int32_t heads = f->shape.kv_heads;
    for (int64_t p = 0; p < f->total; p++) {
        for (int32_t h = 0; h < heads; h++) {
            const float *x = source + (p * heads + h) * dim;
            for (int64_t d = 0; d < dim; d++) {
                float largest = 0;
                for (int64_t i = d / 32 * 32; i < dim && i < d / 32 * 32 + 32; i++)
                    largest = fmaxf(largest, fabsf(x[i]));
                double stored = cached(page_of(f, key, p, h), elements[f->e].type, dim, p % 32, d, key);
                CHECK(fabs(stored - (double)x[d]) <= elements[f->e].rounding * (double)largest, "%s %g stored as %g",
                      elements[f->e].name, (double)x[d], stored);
            }
        }
    }
}

static fixture make_fixture(attention_case shape, int e) {
    fixture f = {.shape = shape, .e = e, .total = shape.first + shape.tokens};
    int64_t count = (f.total + 31) / 32, key_width = shape.kv_heads * shape.key_dim;
    int64_t value_width = shape.kv_heads * shape.value_dim;
    f.keys = allocate(f.total * key_width * 4);
    f.values = allocate(f.total * value_width * 4);
    f.queries = allocate(shape.tokens * key_width * shape.group * 4);
    for (int64_t i = 0; i < f.total * key_width; i++) f.keys[i] = random_normal();
    for (int64_t i = 0; i < f.total * value_width; i++) f.values[i] = random_normal();
    for (int64_t i = 0; i < shape.tokens * key_width * shape.group; i++) f.queries[i] = random_normal();
    // Zeros, and blocks whose scale is below the smallest half.
    for (int64_t i = 0; i < key_width; i++) f.keys[i] = 0;
    for (int64_t i = 0; i < value_width; i++) f.values[i] *= elements[e].type == DK_F16 ? 1 : 1e-9f;
    f.pages = allocate(count * 4);
    for (int64_t i = 0; i < count; i++) f.pages[i] = (int32_t)(2 * (count - i) - 1);
    int64_t pages = 2 * count;
    f.key_pages = allocate(pages * shape.kv_heads * dk_kv_page_bytes(elements[e].type, shape.key_dim));
    f.value_pages = allocate(pages * shape.kv_heads * dk_kv_page_bytes(elements[e].type, shape.value_dim));
    for (int64_t p = 0; p < f.total; p++)
        kernels->store_kv(f.keys + p * key_width, f.values + p * value_width, f.key_pages, f.value_pages,
                          f.pages[p / 32], p % 32, shape.kv_heads, shape.key_dim, shape.value_dim, elements[e].type);
    return f;
}

/// Tokens [first, last) of a kv head, segments merged in order; returns the finished rows.
static float *compute(const fixture *f, int32_t head, int64_t first, int64_t last) {
    attention_case c = f->shape;
    int64_t rows = (last - first) * c.group, stride = (c.value_dim + 15) / 16 * 16 + 16;
    float *sum = allocate(rows * stride * 4), *next = allocate(rows * stride * 4);
    void *scratch = allocate(dk_attention_scratch_bytes(rows, c.key_dim, c.value_dim));
    dk_attention job = {
        .queries = f->queries, .query_stride = (int64_t)c.kv_heads * c.group * c.key_dim, .keys = f->key_pages,
        .values = f->value_pages, .pages = f->pages, .tokens = c.tokens, .first_position = c.first,
        .kv_heads = c.kv_heads, .group = c.group, .key_dim = c.key_dim, .value_dim = c.value_dim, .window = c.window,
        .scale = 0.2f, .soft_cap = c.cap, .element = elements[f->e].type,
    };
    int64_t lowest = c.window ? c.first + first - c.window + 1 : 0, end = c.first + last;
    bool started = false;
    if (lowest < 0) lowest = 0;
    for (int64_t s = lowest / 512 * 512; s < end; s += 512) {
        kernels->attend(&job, head, first, last, s < lowest ? lowest : s, s + 512 < end ? s + 512 : end,
                        started ? next : sum, scratch);
        if (started) kernels->merge(sum, next, rows, c.value_dim);
        started = true;
    }
    for (int64_t r = 0; r < rows; r++)
        kernels->scale(sum + r * stride, 1 / sum[r * stride + stride - 15], c.value_dim);
    free(next);
    free(scratch);
    return sum;
}

/// What one row of one kv head should be; returns the largest value that was mixed.
static double expect(const fixture *f, int32_t head, int64_t token, int32_t g, double *out) {
    attention_case c = f->shape;
    int64_t position = c.first + token, low = c.window && position >= c.window ? position - c.window + 1 : 0;
    const float *query = f->queries + (token * c.kv_heads * c.group + head * c.group + g) * c.key_dim;
    double *weights = allocate((position + 1) * 8), top = -1e300, sum = 0, largest = 0;
    for (int64_t p = low; p <= position; p++) {
        double score = 0;
        for (int64_t d = 0; d < c.key_dim; d++)
            score += (double)query[d]
                     * cached(page_of(f, true, p, head), elements[f->e].type, c.key_dim, p % 32, d, true);
        score *= (double)0.2f;
        weights[p] = c.cap > 0 ? (double)c.cap * tanh(score / (double)c.cap) : score;
        top = fmax(top, weights[p]);
    }
    memset(out, 0, (size_t)c.value_dim * 8);
    for (int64_t p = low; p <= position; p++) {
        double w = exp(weights[p] - top);
        sum += w;
        for (int64_t d = 0; d < c.value_dim; d++) {
            double v = cached(page_of(f, false, p, head), elements[f->e].type, c.value_dim, p % 32, d, false);
            out[d] += w * v;
            largest = fmax(largest, fabs(v));
        }
    }
    for (int64_t d = 0; d < c.value_dim; d++) out[d] /= sum;
    free(weights);
    return largest;
}

static void check_case(int index, int e) {
    fixture f = make_fixture(cases[index], e);
    attention_case c = f.shape;
    if (elements[e].type == DK_F32 || c.first < 100) {
        check_stored(&f, f.keys, c.key_dim, true);
        if (elements[e].type != DK_Q8_0) check_stored(&f, f.values, c.value_dim, false);
    }
    int64_t stride = (c.value_dim + 15) / 16 * 16 + 16;
    double *expected = allocate(c.value_dim * 8), worst = 0;
    for (int32_t head = 0; head < c.kv_heads; head++) {
        float *together = compute(&f, head, 0, c.tokens);
        for (int64_t token = 0; token < c.tokens; token += 1 + token / 3) {
            float *alone = compute(&f, head, token, token + 1);
            for (int32_t g = 0; g < c.group; g++) {
                const float *row = together + (token * c.group + g) * stride;
                CHECK(memcmp(row, alone + g * stride, (size_t)c.value_dim * 4) == 0,
                      "%s, case %d: token %ld, head %d has other bits alone", elements[e].name, index, (long)token, g);
                double largest = expect(&f, head, token, g, expected);
                for (int64_t d = 0; d < c.value_dim; d++) {
                    double error = fabs((double)row[d] - expected[d]) / (largest + 1e-30);
                    if (!(error <= worst)) worst = error;
                }
            }
            free(alone);
        }
        free(together);
    }
    // Queries may be rounded to 16 bits where the keys have 8.
    double bound = elements[e].type == DK_Q8_0 ? 1e-4 : 2e-5;
    CHECK(worst < bound, "%s, case %d: error %g", elements[e].name, index, worst);
    void *parts[] = {f.keys, f.values, f.queries, f.pages, f.key_pages, f.value_pages, expected};
    for (int i = 0; i < 7; i++) free(parts[i]);
}

void test_attention(void) {
    for (int e = 0; e < 4; e++) {
        for (int i = 0; i < (int)(sizeof cases / sizeof *cases); i++) {
            seed_random((uint64_t)(e * 100 + i));
            check_case(i, e);
        }
    }
}
