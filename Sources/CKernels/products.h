// Template: activations to int8, and products of packed weights with them. Included by each variant, after
// unpack.h and the variant's dot kernels.
//
// One pass: for each pair of groups (32 rows) and each chunk of 256 elements, both records are unpacked once into
// panels that stay in the first-level cache, then every tile of six columns is multiplied with them. Sums of a
// (row, column) run over the chunks in rising order with one multiplication of scales a step, whatever the number of
// columns: a column's result does not depend on its neighbours.
#include "layout.h"
#include "vectors.h"

#define TILES_MAX ((DK_RANGE_COLUMNS + DK_TILE_COLUMNS - 1) / DK_TILE_COLUMNS)
/// Floats of one tile's sums: [group 0, 1][column][16 rows].
#define TILE_FLOATS (2 * DK_TILE_COLUMNS * DK_GROUP_ROWS)

/// Elements of a float chunk: two panels of 8 KB stay in the first-level cache.
#define FLOAT_CHUNK 128

typedef struct {
    _Alignas(64) panel panels[2];
    float floats[2][FLOAT_CHUNK * DK_GROUP_ROWS];
    uint8_t record[4608];   // packed on the fly from the file's layout
    float sums[TILES_MAX * TILE_FLOATS];
} product_scratch;

/// 32 values to int8 with one scale; returns the scale.
DK_INLINE float quantize_block(const float *x, int8_t *out, int32_t sums[2]) {
#pragma clang fp contract(off)  // the same rounding in every variant
    dk_f16x a = DK_LOAD16(x), b = DK_LOAD16(x + 16);
    // Magnitudes have the order of their bits, and integers need no care for NaN (which stays the largest).
    dk_i16x top = __builtin_elementwise_max((dk_i16x)a & 0x7fffffff, (dk_i16x)b & 0x7fffffff);
    union { int32_t bits; float value; } magnitude = {.bits = __builtin_reduce_max(top)};
    float largest = magnitude.value;
    float inverse = largest > 1e-30f ? 127.0f / largest : 0.0f;  // smaller ones are zero: no overflow to infinity
    dk_f16x magic = DK_SPLAT16(12582912.0f);
    dk_i16x qa = (dk_i16x)(a * inverse + magic) - 0x4b400000, qb = (dk_i16x)(b * inverse + magic) - 0x4b400000;
    typedef int8_t bytes16 __attribute__((vector_size(16), aligned(1)));
    *(bytes16 *)out = __builtin_convertvector(qa, bytes16);
    *(bytes16 *)(out + 16) = __builtin_convertvector(qb, bytes16);
    dk_i16x both = __builtin_shufflevector(qa, qb, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
                   + __builtin_shufflevector(qa, qb, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    both += __builtin_shufflevector(both, both, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    both += __builtin_shufflevector(both, both, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    both += __builtin_shufflevector(both, both, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    sums[0] = both[0];
    sums[1] = both[8];
    return largest / 127.0f;
}

static void quantize_activations(const float *input, int64_t stride, int64_t first, int64_t last, int64_t depth_first,
                                 int64_t depth_last, const dk_activations *out) {
    int64_t blocks = out->depth / 32;
    for (int64_t c = first; c < last; c++) {
        int64_t tile = c / DK_TILE_COLUMNS * DK_TILE_COLUMNS, column = c - tile;
        int64_t width = out->columns - tile < DK_TILE_COLUMNS ? out->columns - tile : DK_TILE_COLUMNS;
        for (int64_t b = depth_first / 32; b < depth_last / 32; b++) {
            int32_t sums[2];
            int64_t at = tile * blocks + b * width + column, half = (tile * blocks + b * width) * 2 + column;
            float scale = quantize_block(input + c * stride + b * 32, out->quants + at * 32, sums);
            out->scales[at] = scale;
            if (!(out->skipped & DK_SUMS32)) out->sums32[at] = -(sums[0] + sums[1]);
            if (!(out->skipped & DK_WEIGHTED32)) out->weighted32[at] = scale * (float)(sums[0] + sums[1]);
            if (!(out->skipped & DK_SUMS16)) {
                out->sums16[half] = -sums[0];
                out->sums16[half + width] = -sums[1];
            }
            if (!(out->skipped & DK_WEIGHTED16)) {
                out->weighted16[half] = scale * (float)sums[0];
                out->weighted16[half + width] = scale * (float)sums[1];
            }
        }
    }
}

// MARK: Dot kernels by class and number of columns

#define DOT(class, columns) \
    dot(DOT_ARGUMENTS, columns, 32 / dk_class_steps(class), dk_class_shift(class), dk_class_has_minimum(class))
#define DOTS(name, class) \
    static void name##_1(DOT_PARAMETERS) { DOT(class, 1); } \
    static void name##_2(DOT_PARAMETERS) { DOT(class, 2); } \
    static void name##_3(DOT_PARAMETERS) { DOT(class, 3); } \
    static void name##_4(DOT_PARAMETERS) { DOT(class, 4); } \
    static void name##_5(DOT_PARAMETERS) { DOT(class, 5); } \
    static void name##_6(DOT_PARAMETERS) { DOT(class, 6); }
#define DOT_ARGUMENTS a, b, blocks, x, first, sums
#define DOT_ROW(name) {name##_1, name##_2, name##_3, name##_4, name##_5, name##_6}

DOTS(dot_offset8, DK_OFFSET8)
DOTS(dot_offset16, DK_OFFSET16)
DOTS(dot_offset128, DK_OFFSET128)
DOTS(dot_minimum, DK_MINIMUM)
DOTS(dot_halves_offset4, DK_HALVES_OFFSET4)
DOTS(dot_halves_offset32, DK_HALVES_OFFSET32)
DOTS(dot_halves_minimum, DK_HALVES_MINIMUM)

typedef void (*dot_function)(DOT_PARAMETERS);

static const dot_function dot_table[DK_WEIGHT_CLASSES][DK_TILE_COLUMNS] = {
    [DK_OFFSET8] = DOT_ROW(dot_offset8),
    [DK_OFFSET16] = DOT_ROW(dot_offset16),
    [DK_OFFSET128] = DOT_ROW(dot_offset128),
    [DK_MINIMUM] = DOT_ROW(dot_minimum),
    [DK_HALVES_OFFSET4] = DOT_ROW(dot_halves_offset4),
    [DK_HALVES_OFFSET32] = DOT_ROW(dot_halves_offset32),
    [DK_HALVES_MINIMUM] = DOT_ROW(dot_halves_minimum),
};

// MARK: Driver

/// The packed record of a group's chunk.
static const uint8_t *record_at(const dk_product *p, int64_t group, int64_t k) {
    return p->packed + group * dk_group_bytes(p->type, p->depth) + k / DK_CHUNK * dk_record_bytes(p->type, DK_CHUNK);
}

/// Packs a group's chunk of the file's layout.
static void pack_now(const dk_product *p, int64_t group, int64_t k, int64_t elements, uint8_t *record) {
    int64_t block = dk_block_elements(p->type), bytes = dk_block_bytes(p->type);
    const uint8_t *rows[DK_GROUP_ROWS];
    for (int r = 0; r < DK_GROUP_ROWS; r++) {
        int64_t row = group * DK_GROUP_ROWS + r;
        rows[r] = row < p->rows ? p->file + (row * p->depth + k) / block * bytes : NULL;
    }
    dk_pack_chunk(p->type, rows, elements, record);
}

/// Unpacks the chunk at k of a group; fetches what this group, or the next of its parity, needs after it.
static void load_panel(const dk_product *p, int64_t group, int64_t last, int64_t k, int64_t blocks,
                       product_scratch *scratch, panel *out) {
    const uint8_t *record = scratch->record;
    ptrdiff_t ahead = 0;
    if (p->packed) {
        record = record_at(p, group, k);
        if (k + DK_CHUNK < p->depth) ahead = record_at(p, group, k + DK_CHUNK) - record;
        else if (group + 2 < last) ahead = record_at(p, group + 2, 0) - record;
    } else {
        pack_now(p, group, k, blocks * 32, scratch->record);
    }
    unpack(p->type, record, ahead, blocks, out->quants, out->scales, out->mins);
}

static void store_sums(const dk_product *p, const float *sums, int64_t group, int64_t column, int64_t width) {
    int64_t row = group * DK_GROUP_ROWS, count = p->rows - row < DK_GROUP_ROWS ? p->rows - row : DK_GROUP_ROWS;
    for (int64_t c = 0; c < width; c++, sums += DK_GROUP_ROWS) {
        float *out = p->output + (column + c) * p->output_stride + row;
        if (count == DK_GROUP_ROWS) DK_STORE16(out, DK_LOAD16(sums));
        else memcpy(out, sums, (size_t)count * 4);
    }
}

/// Both groups of a pair, or one when it is the last.
static void store_pair(const dk_product *p, const float *sums, int64_t group, bool both, int64_t column_first,
                       int64_t column_last) {
    for (int64_t c = column_first; c < column_last; c += DK_TILE_COLUMNS, sums += TILE_FLOATS) {
        int64_t width = column_last - c < DK_TILE_COLUMNS ? column_last - c : DK_TILE_COLUMNS;
        store_sums(p, sums, group, c, width);
        if (both) store_sums(p, sums + DK_TILE_COLUMNS * DK_GROUP_ROWS, group + 1, c, width);
    }
}

#ifdef DK_FUSED_COLUMNS
#include "unpack_fused.h"
#endif

static void multiply_quantized(const dk_product *p, int64_t first, int64_t last, int64_t column_first,
                               int64_t column_last, product_scratch *scratch) {
    const dot_function *dots = dot_table[dk_weight_class(p->type)];
    const dk_activations *x = p->activations;
#ifdef DK_FUSED_COLUMNS
    if (p->packed && x->columns <= fused_tokens_max(p->type)) {
        multiply_few(p, first, last, column_first, column_last);
        return;
    }
#endif
    int64_t tiles = (column_last - column_first + DK_TILE_COLUMNS - 1) / DK_TILE_COLUMNS, all = p->depth / 32;
    for (int64_t group = first; group < last; group += 2) {
        bool both = group + 1 < last;
        memset(scratch->sums, 0, (size_t)(tiles * TILE_FLOATS) * 4);
        for (int64_t k = 0; k < p->depth; k += DK_CHUNK) {
            int64_t blocks = p->depth - k < DK_CHUNK ? (p->depth - k) / 32 : DK_CHUNK / 32;
            panel *a = &scratch->panels[0], *b = both ? &scratch->panels[1] : a;
            load_panel(p, group, last, k, blocks, scratch, a);
            if (both) load_panel(p, group + 1, last, k, blocks, scratch, b);
            float *sums = scratch->sums;
            for (int64_t c = column_first; c < column_last; c += DK_TILE_COLUMNS, sums += TILE_FLOATS) {
                int64_t width = x->columns - c < DK_TILE_COLUMNS ? x->columns - c : DK_TILE_COLUMNS;
                dots[width - 1](a, b, blocks, x, c * all + k / 32 * width, sums);
            }
        }
        store_pair(p, scratch->sums, group, both, column_first, column_last);
    }
}

// MARK: Float weights

/// Columns up to which packed halves are widened on the way, for every tile anew; more share a widened panel.
#define DIRECT_COLUMNS (4 * DK_TILE_COLUMNS)
/// Rows of packed halves that are fetched ahead of them.
#define DIRECT_AHEAD 64

/// sums[group][column][16] += weights[k][16] * x[column][k] for `width` columns.
DK_INLINE void dot_floats(const void *const weights[2], const int groups, const uint32_t type, const float *x,
                          int64_t stride, int64_t count, float *sums, const int width) {
    dk_f16x acc[2][DK_TILE_COLUMNS];
    DK_UNROLL for (int g = 0; g < groups; g++)
        DK_UNROLL for (int c = 0; c < width; c++)
            acc[g][c] = DK_LOAD16(sums + (g * DK_TILE_COLUMNS + c) * DK_GROUP_ROWS);
    for (int64_t k = 0; k < count; k++) {
        dk_f16x w[2];
        DK_UNROLL for (int g = 0; g < groups; g++) {
            w[g] = DK_FLOATS16(weights[g], k * DK_GROUP_ROWS, type);
            if (type != DK_F32)
                __builtin_prefetch((const uint16_t *)weights[g] + (k + DIRECT_AHEAD) * DK_GROUP_ROWS, 0, 3);
        }
        DK_UNROLL for (int c = 0; c < width; c++) {
            dk_f16x v = DK_SPLAT16(x[c * stride + k]);
            DK_UNROLL for (int g = 0; g < groups; g++) acc[g][c] = DK_FMA16(w[g], v, acc[g][c]);
        }
    }
    DK_UNROLL for (int g = 0; g < groups; g++)
        DK_UNROLL for (int c = 0; c < width; c++)
            DK_STORE16(sums + (g * DK_TILE_COLUMNS + c) * DK_GROUP_ROWS, acc[g][c]);
}

DK_INLINE void dot_floats_of(const uint32_t type, const void *a, const void *b, const float *x, int64_t stride,
                             int64_t count, float *sums, int64_t width) {
    for (int pass = 0; pass < 2; pass += DK_FLOAT_GROUPS) {
        const void *const weights[2] = {pass ? b : a, b};
        float *at = sums + pass * DK_TILE_COLUMNS * DK_GROUP_ROWS;
        switch (width) {
        case 1: dot_floats(weights, DK_FLOAT_GROUPS, type, x, stride, count, at, 1); break;
        case 2: dot_floats(weights, DK_FLOAT_GROUPS, type, x, stride, count, at, 2); break;
        case 3: dot_floats(weights, DK_FLOAT_GROUPS, type, x, stride, count, at, 3); break;
        case 4: dot_floats(weights, DK_FLOAT_GROUPS, type, x, stride, count, at, 4); break;
        case 5: dot_floats(weights, DK_FLOAT_GROUPS, type, x, stride, count, at, 5); break;
        default: dot_floats(weights, DK_FLOAT_GROUPS, type, x, stride, count, at, 6); break;
        }
    }
}

static void dot_floats_tile(uint32_t type, const void *a, const void *b, const float *x, int64_t stride, int64_t count,
                            float *sums, int64_t width) {
    if (type == DK_F16) dot_floats_of(DK_F16, a, b, x, stride, count, sums, width);
    else if (type == DK_BF16) dot_floats_of(DK_BF16, a, b, x, stride, count, sums, width);
    else dot_floats_of(DK_F32, a, b, x, stride, count, sums, width);
}

/// Elements [k, k + count) of a group as floats [k][16 rows], or packed as they are when they are `direct`.
static const void *float_panel(const dk_product *p, int64_t group, int64_t k, int64_t count, bool direct, float *out) {
    int64_t bytes = dk_block_bytes(p->type);
    if (!p->packed) {
        for (int r = 0; r < DK_GROUP_ROWS; r++) {
            int64_t row = group * DK_GROUP_ROWS + r;
            const uint8_t *source = p->file + (row * p->depth + k) * bytes;
            for (int64_t i = 0; i < count; i++, source += bytes) {
                float value = 0;
                if (row < p->rows) dk_dequantize(p->type, source, &value, 1);
                out[i * DK_GROUP_ROWS + r] = value;
            }
        }
        return out;
    }
    const uint8_t *source = p->packed + (group * p->depth + k) * DK_GROUP_ROWS * bytes;
    if (p->type == DK_F32 || direct) return source;
    const uint16_t *halves = (const uint16_t *)(const void *)source;
    for (int64_t i = 0; i < count * DK_GROUP_ROWS; i += 16) {
        __builtin_prefetch(halves + i + FLOAT_CHUNK * DK_GROUP_ROWS, 0, 3);  // the next chunk of this group
        if (p->type == DK_F16) DK_STORE16(out + i, DK_FLOATS16(halves, i, DK_F16));
        else DK_STORE16(out + i, DK_FLOATS16(halves, i, DK_BF16));
    }
    return out;
}

/// One column, `groups` groups at once so that their sums do not wait for each other; each in the order of dot_floats.
DK_INLINE void dot_shallow(const dk_product *p, int64_t group, const int groups, const uint32_t type) {
    int64_t line = DK_GROUP_ROWS * (type == DK_F32 ? 4 : 2), size = p->depth * line;
    const uint8_t *source = p->packed + group * size;
    dk_f16x acc[4];
    DK_UNROLL for (int g = 0; g < groups; g++) acc[g] = DK_SPLAT16(0.0f);
    for (int64_t k = 0; k < p->depth; k++, source += line) {
        dk_f16x v = DK_SPLAT16(p->input[k]);
        DK_UNROLL for (int g = 0; g < groups; g++)
            acc[g] = DK_FMA16(DK_FLOATS16(source + g * size, 0, type), v, acc[g]);
    }
    DK_UNROLL for (int g = 0; g < groups; g++) {
        float sums[DK_GROUP_ROWS];
        DK_STORE16(sums, acc[g]);
        store_sums(p, sums, group + g, 0, 1);
    }
}

DK_INLINE void multiply_shallow_of(const dk_product *p, int64_t first, int64_t last, const uint32_t type) {
    int64_t group = first;
    for (; group + 4 <= last; group += 4) dot_shallow(p, group, 4, type);
    for (; group < last; group++) dot_shallow(p, group, 1, type);
}

/// One column and few elements a row, as an adapter's second product in decoding: clearing and storing tiles would take
/// longer than the sums.
static void multiply_shallow(const dk_product *p, int64_t first, int64_t last) {
    if (p->type == DK_F16) multiply_shallow_of(p, first, last, DK_F16);
    else if (p->type == DK_BF16) multiply_shallow_of(p, first, last, DK_BF16);
    else multiply_shallow_of(p, first, last, DK_F32);
}

static void multiply_floats(const dk_product *p, int64_t first, int64_t last, int64_t column_first,
                            int64_t column_last, product_scratch *scratch) {
    if (p->columns == 1 && p->packed && p->depth <= FLOAT_CHUNK) {
        multiply_shallow(p, first, last);
        return;
    }
    int64_t tiles = (column_last - column_first + DK_TILE_COLUMNS - 1) / DK_TILE_COLUMNS;
    bool direct = p->packed && column_last - column_first <= DIRECT_COLUMNS;
    uint32_t type = direct ? p->type : DK_F32;
    for (int64_t group = first; group < last; group += 2) {
        bool both = group + 1 < last;
        memset(scratch->sums, 0, (size_t)(tiles * TILE_FLOATS) * 4);
        for (int64_t k = 0; k < p->depth; k += FLOAT_CHUNK) {
            int64_t count = p->depth - k < FLOAT_CHUNK ? p->depth - k : FLOAT_CHUNK;
            const void *a = float_panel(p, group, k, count, direct, scratch->floats[0]), *b = a;
            if (both) b = float_panel(p, group + 1, k, count, direct, scratch->floats[1]);
            float *sums = scratch->sums;
            for (int64_t c = column_first; c < column_last; c += DK_TILE_COLUMNS, sums += TILE_FLOATS) {
                int64_t width = column_last - c < DK_TILE_COLUMNS ? column_last - c : DK_TILE_COLUMNS;
                dot_floats_tile(type, a, b, p->input + c * p->input_stride + k, p->input_stride, count, sums, width);
            }
        }
        store_pair(p, scratch->sums, group, both, column_first, column_last);
    }
}

static void multiply(const dk_product *p, int64_t first, int64_t last, int64_t column_first, int64_t column_last,
                     void *scratch) {
    if (dk_block_elements(p->type) == 1) multiply_floats(p, first, last, column_first, column_last, scratch);
    else multiply_quantized(p, first, last, column_first, column_last, scratch);
}

