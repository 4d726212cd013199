// Template: unpack.h with integer sums of a few tokens as its target: the decode kernels. Nothing is stored but scales, so
// reading goes on at the memory's pace. The sums are those of the dot kernels, in the same float order.
//
// A variant that includes it says first how sums are made:
//     DK_FUSED_COLUMNS        tokens that are multiplied at once: with more, sums no longer fit the registers
//     fused_sum               sixteen rows' integer sums of one step
//     fused_begin(sum, v, shift)   all of them v: what offsets of 2^shift come to
//     fused_add(sum, line, four, j, shift)   adds line j of a 32-block times four bytes of activations
//     fused_total(sum, total) as floats
#define UNPACKED(name) name##_fused
#define SINK_PARAMETERS \
    const int8_t *x, int64_t width, fused_sum *sums, const int steps, const int shift, const int columns
#define SINK x, width, sums, steps, shift, columns
#define PUT(block, j, v) ({ \
    dk_u8x line_ = (v); \
    fused_sum *sum_ = sums + (steps == 2 ? (block) * 2 + (j) / 4 : (block)) * columns; \
    const int8_t *four_ = x + (block) * width * 32 + (j) * 4; \
    DK_UNROLL for (int c_ = 0; c_ < columns; c_++) { \
        int32_t value_; \
        memcpy(&value_, four_ + c_ * 32, 4); \
        fused_add(sum_ + c_, &line_, value_, j, shift); \
    } })
#define LINE(p) (__builtin_prefetch((p) + ahead, 0, 3), *(const dk_u8x_any *)(p))
#include "unpack.h"
#undef UNPACKED
#undef SINK_PARAMETERS
#undef SINK
#undef PUT
#undef LINE

/// How far ahead of the reading lines are fetched: without, K types reach 10 GB/s from DRAM, with it 14 (one core).
#define FUSED_AHEAD_BYTES 4096

/// Sixteen outputs of `columns` tokens from `column` on, which are in one tile: group `group` of p.
DK_INLINE void multiply_group(const dk_product *p, int64_t group, int64_t column, const int columns,
                              const uint32_t type, float *out) {
    const int class = dk_weight_class(type), steps = dk_class_steps(class), shift = dk_class_shift(class);
    const bool minimum = dk_class_has_minimum(class);
    const dk_activations *x = p->activations;
    const uint8_t *record = p->packed + group * dk_group_bytes(type, p->depth);
    const int64_t tile = column / DK_TILE_COLUMNS * DK_TILE_COLUMNS, left = x->columns - tile;
    const int64_t width = left < DK_TILE_COLUMNS ? left : DK_TILE_COLUMNS;
    _Alignas(64) float scales[16 * DK_GROUP_ROWS], mins[16 * DK_GROUP_ROWS];
    dk_f16x acc[DK_FUSED_COLUMNS];
    DK_UNROLL for (int c = 0; c < columns; c++) acc[c] = DK_SPLAT16(0.0f);
    for (int64_t k = 0; k < p->depth; k += DK_CHUNK, record += dk_record_bytes(type, DK_CHUNK)) {
        int64_t blocks = p->depth - k < DK_CHUNK ? (p->depth - k) / 32 : DK_CHUNK / 32;
        int64_t first = tile * (p->depth / 32) + k / 32 * width, plane = first * steps + column - tile;
        const int32_t *negated = (steps == 1 ? x->sums32 : x->sums16) + plane;
        const float *weighted = (steps == 1 ? x->weighted32 : x->weighted16) + plane;
        const float *factors = x->scales + first + column - tile;
        fused_sum sums[16 * DK_FUSED_COLUMNS];
        for (int s = 0; s < 8 * steps; s++)
            DK_UNROLL for (int c = 0; c < columns; c++) {
                bool empty = minimum || s >= blocks * steps;
                fused_begin(sums + s * columns + c, empty ? 0 : negated[s * width + c] << shift, shift);
            }
        unpack_fused(type, record, FUSED_AHEAD_BYTES, blocks, x->quants + (first + column - tile) * 32, width, sums,
                     steps, shift, columns, scales, mins);
        for (int64_t s = 0; s < blocks * steps; s++) {
            dk_f16x w = DK_LOAD16(scales + s * 16), m = DK_SPLAT16(0.0f);
            if (minimum) m = DK_LOAD16(mins + s * 16);
            DK_UNROLL for (int c = 0; c < columns; c++) {
                dk_f16x total;
                fused_total(sums + s * columns + c, &total);
                dk_f16x scaled = total * w;
                acc[c] = DK_FMA16(scaled, DK_SPLAT16(factors[s / steps * width + c]), acc[c]);
                if (minimum) acc[c] = DK_FMA16(-m, DK_SPLAT16(weighted[s * width + c]), acc[c]);
            }
        }
    }
    DK_UNROLL for (int c = 0; c < columns; c++) DK_STORE16(out + c * DK_GROUP_ROWS, acc[c]);
}

#define FUSED_CASE(type) case type: multiply_group(p, group, column, columns, type, out); break;

DK_INLINE void multiply_columns(const dk_product *p, int64_t group, int64_t column, const int columns) {
    float out[DK_FUSED_COLUMNS * DK_GROUP_ROWS];
    switch (p->type) {
    FUSED_CASE(DK_Q4_0)
    FUSED_CASE(DK_Q5_0)
    FUSED_CASE(DK_Q8_0)
    FUSED_CASE(DK_IQ4_NL)
    FUSED_CASE(DK_IQ4_XS)
    FUSED_CASE(DK_Q4_1)
    FUSED_CASE(DK_Q5_1)
    FUSED_CASE(DK_Q4_K)
    FUSED_CASE(DK_Q5_K)
    FUSED_CASE(DK_Q3_K)
    FUSED_CASE(DK_Q6_K)
    FUSED_CASE(DK_Q2_K)
    default: break;
    }
    store_sums(p, out, group, column, columns);
}

#define MULTIPLY_COLUMNS(n) \
    static void multiply_columns_##n(const dk_product *p, int64_t group, int64_t column) { \
        multiply_columns(p, group, column, n); \
    }
MULTIPLY_COLUMNS(1)
#if DK_FUSED_COLUMNS == 4
MULTIPLY_COLUMNS(2)
MULTIPLY_COLUMNS(3)
MULTIPLY_COLUMNS(4)
#endif

/// Products of packed weights with few tokens. A tile of more than can be multiplied at once is halved.
static void multiply_few(const dk_product *p, int64_t first, int64_t last, int64_t column_first, int64_t column_last) {
    static void (*const functions[])(const dk_product *, int64_t, int64_t) = {
        multiply_columns_1,
#if DK_FUSED_COLUMNS == 4
        multiply_columns_2, multiply_columns_3, multiply_columns_4,
#endif
    };
    for (int64_t group = first; group < last; group++) {
        for (int64_t column = column_first; column < column_last;) {
            int64_t in_tile = DK_TILE_COLUMNS - column % DK_TILE_COLUMNS, left = column_last - column;
            int64_t count = in_tile < left ? in_tile : left;
            while (count > DK_FUSED_COLUMNS) count = (count + 1) / 2;
            functions[count - 1](p, group, column);
            column += count;
        }
    }
}
