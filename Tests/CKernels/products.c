// Products of every type against double precision: remainders of rows, depth and columns, random and extreme blocks.
#include "check.h"

enum { COLUMNS = 20 };

static const struct {
    uint32_t type;
    const char *name;
    int scales[2];  // offsets of a block's halves; -1 = none
} types[] = {
    {DK_F32, "F32", {-1, -1}}, {DK_F16, "F16", {-1, -1}}, {DK_BF16, "BF16", {-1, -1}}, {DK_Q4_0, "Q4_0", {0, -1}},
    {DK_Q4_1, "Q4_1", {0, 2}}, {DK_Q5_0, "Q5_0", {0, -1}}, {DK_Q5_1, "Q5_1", {0, 2}}, {DK_Q8_0, "Q8_0", {0, -1}},
    {DK_Q2_K, "Q2_K", {80, 82}}, {DK_Q3_K, "Q3_K", {108, -1}}, {DK_Q4_K, "Q4_K", {0, 2}}, {DK_Q5_K, "Q5_K", {0, 2}},
    {DK_Q6_K, "Q6_K", {208, -1}}, {DK_IQ4_NL, "IQ4_NL", {0, -1}}, {DK_IQ4_XS, "IQ4_XS", {0, -1}},
};

/// What the blocks are made of: random bytes, or one byte everywhere.
enum { RANDOM = -1 };
static const int fills[] = {RANDOM, 0x00, 0xff, 0x80, 0x7f, 0x0f, 0xf0};
/// Scales as halves: zero, the largest, the smallest, a negative one; 0xffff = random.
static const uint16_t scales[] = {0xffff, 0x0000, 0x7bff, 0x0001, 0xb400};
/// Shapes of activations.
enum { NORMAL, ZERO, ALTERNATING, ALL_EQUAL, TINY, INPUTS };

static void fill_input(float *x, int64_t n, int kind) {
    for (int64_t i = 0; i < n; i++) {
        switch (kind) {
        case NORMAL: x[i] = random_normal(); break;
        case ZERO: x[i] = 0; break;
        case ALTERNATING: x[i] = i % 2 ? -1e4f : 1e4f; break;
        case ALL_EQUAL: x[i] = -3; break;
        default: x[i] = random_float() * 1e-29f; break;
        }
    }
}

static uint8_t *make_weights(int t, int64_t elements, int fill, uint16_t scale) {
    int64_t size = dk_block_bytes(types[t].type), blocks = elements / dk_block_elements(types[t].type);
    uint8_t *bytes = allocate(blocks * size);
    if (dk_block_elements(types[t].type) == 1) {
        for (int64_t i = 0; i < elements; i++) {
            float value = fill == RANDOM ? random_normal() : (float)(fill - 128);
            dk_store_floats(types[t].type, &value, bytes + i * size, 1);
        }
        return bytes;
    }
    for (int64_t i = 0; i < blocks * size; i++)
        bytes[i] = (uint8_t)(fill == RANDOM ? (int)(random_bits() & 255) : fill);
    for (int64_t b = 0; b < blocks; b++) {
        for (int s = 0; s < 2 && types[t].scales[s] >= 0; s++) {
            // Random: 2^-10 to 2^-4 with either sign.
            uint16_t half = scale;
            if (scale == 0xffff) half = (uint16_t)(0x1400 + random_bits() % 0x1800) | (random_bits() & 0x8000);
            memcpy(bytes + b * size + types[t].scales[s], &half, 2);
        }
    }
    return bytes;
}

/// Activations as the kernels round them: int8 with the scale largest / 127 for every 32.
static void round_input(float *x, int64_t n) {
    for (int64_t i = 0; i < n; i += 32) {
        float largest = 0;
        for (int k = 0; k < 32; k++) largest = fmaxf(largest, fabsf(x[i + k]));
        float inverse = largest > 1e-30f ? 127 / largest : 0;
        for (int k = 0; k < 32; k++) x[i + k] = rintf(x[i + k] * inverse) * (largest / 127);
    }
}

static dk_activations make_activations(const float *input, int64_t columns, int64_t depth) {
    int64_t blocks = columns * depth / 32;
    dk_activations x = {
        .quants = allocate(blocks * 32), .scales = allocate(blocks * 4), .sums32 = allocate(blocks * 4),
        .sums16 = allocate(blocks * 8), .weighted32 = allocate(blocks * 4), .weighted16 = allocate(blocks * 8),
        .columns = columns, .depth = depth,
    };
    kernels->quantize_activations(input, depth, 0, columns, 0, depth, &x);
    return x;
}

static void free_activations(dk_activations *x) {
    void *parts[] = {x->quants, x->scales, x->sums32, x->sums16, x->weighted32, x->weighted16};
    for (int i = 0; i < 6; i++) free(parts[i]);
}

typedef struct {
    int type;
    int64_t rows, depth;
    int fill, kind;
    uint16_t scale;
} product_case;

/// Every number of columns to 20, packed and (for a few) from the file's layout; all must agree to the bit, and with
/// the oracle within rounding.
static void check_case(product_case c) {
    uint32_t type = types[c.type].type;
    bool quantised = dk_block_elements(type) > 1;
    uint8_t *file = make_weights(c.type, c.rows * c.depth, c.fill, c.scale);
    uint8_t *packed = allocate(dk_packed_bytes(type, c.rows, c.depth));
    dk_pack(type, file, c.rows, c.depth, 0, (c.rows + 15) / 16, packed);
    float *input = allocate(COLUMNS * c.depth * 4), *rounded = allocate(COLUMNS * c.depth * 4);
    float *row = allocate(c.depth * 4);
    float *output = allocate(COLUMNS * c.rows * 4), *whole = allocate(COLUMNS * c.rows * 4);
    fill_input(input, COLUMNS * c.depth, c.kind);
    memcpy(rounded, input, (size_t)(COLUMNS * c.depth * 4));
    if (quantised) round_input(rounded, COLUMNS * c.depth);
    void *scratch = allocate(dk_scratch_bytes());
    for (int64_t columns = COLUMNS; columns >= 0; columns--) {
        bool from_file = columns == 0;  // the last round
        int64_t count = from_file ? 7 : columns;
        dk_activations x = quantised ? make_activations(input, count, c.depth) : (dk_activations){0};
        dk_product product = {
            .type = type, .packed = from_file ? NULL : packed, .file = file, .rows = c.rows, .depth = c.depth,
            .activations = &x, .input = input, .input_stride = c.depth, .columns = count, .output = output,
            .output_stride = c.rows,
        };
        memset(output, 0xff, (size_t)(COLUMNS * c.rows * 4));
        kernels->multiply(&product, 0, (c.rows + 15) / 16, 0, count, scratch);
        if (columns == COLUMNS) memcpy(whole, output, (size_t)(COLUMNS * c.rows * 4));
        CHECK(memcmp(whole, output, (size_t)(count * c.rows * 4)) == 0, "%s %ld x %ld: %ld columns differ from 20",
              types[c.type].name, (long)c.rows, (long)c.depth, (long)count);
        if (quantised) free_activations(&x);
    }
    double worst = 0;
    for (int64_t r = 0; r < c.rows; r++) {
        dk_dequantize(type, file + r * c.depth / dk_block_elements(type) * dk_block_bytes(type), row, c.depth);
        for (int64_t i = 0; i < COLUMNS; i++) {
            double sum = 0, size = 0;
            for (int64_t k = 0; k < c.depth; k++) {
                double term = (double)row[k] * (double)rounded[i * c.depth + k];
                sum += term;
                size += fabs(term);
            }
            // Types with a minimum cancel: scale * q against min, each rounded on its own.
            double error = fabs((double)whole[i * c.rows + r] - sum) / (size + 1e-30);
            if (!(error <= worst)) worst = error;
        }
    }
    bool cancels = types[c.type].scales[1] >= 0;
    CHECK(worst <= (cancels ? 5e-5 : 2e-6), "%s %ld x %ld, fill %d, scale %x, input %d: error %g", types[c.type].name,
          (long)c.rows, (long)c.depth, c.fill, c.scale, c.kind, worst);
    void *parts[] = {file, packed, input, rounded, row, output, whole, scratch};
    for (int i = 0; i < 8; i++) free(parts[i]);
}

void test_products(void) {
    for (int t = 0; t < (int)(sizeof types / sizeof *types); t++) {
        seed_random((uint64_t)t);
        int64_t block = dk_block_elements(types[t].type);
        const int64_t depths[3][4] = {{1, 17, 129, 300}, {32, 224, 288, 544}, {256, 512, 768, 256}};
        const int64_t *depth = depths[block == 1 ? 0 : block == 32 ? 1 : 2];
        const int64_t rows[] = {1, 15, 16, 17, 33, 49};
        for (int i = 0; i < 6; i++)
            check_case((product_case){t, rows[i], depth[i % 4], RANDOM, NORMAL, 0xffff});
        for (int i = 0; i < 4; i++) check_case((product_case){t, 18, depth[i], RANDOM, NORMAL, 0xffff});
        for (int f = 0; f < (int)(sizeof fills / sizeof *fills); f++) {
            for (int s = 0; s < (block == 1 ? 1 : (int)(sizeof scales / sizeof *scales)); s++) {
                int kind = (f + s) % INPUTS;
                check_case((product_case){t, 17, block == 1 ? 33 : block, fills[f], kind, scales[s]});
            }
        }
    }
}
