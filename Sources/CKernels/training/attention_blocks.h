// Template: what attention's two directions share: scratch memory, the keys that a block of queries sees, and masks.
//
// One call is one sequence and one key-value head. Keys and values lie in panels (danlu_training.h) of the whole
// sequence: memory grows with the length, never with its square. Documents follow one another, so the first query of a
// block sees the earliest key; what later ones must not see is masked.
#include "lanes.h"

typedef struct {
    int64_t padded;            // tokens, a multiple of 32
    int64_t head_units, key_units, step;  // units of a head, of all keys; elements of a unit
    uint32_t *key_rows, *key_columns, *value_rows, *value_columns;
    float *scores, *slopes;    // [query of a block][DK_KEY_BLOCK]; slopes: gradients of the weights
    float *sums;               // [query of a block][head_dim]
    float *key_sums, *value_sums;         // gradients: [token][head_dim]
    uint32_t *weight_panels, *slope_panels, *query_columns, *output_columns;
} attention_memory;

DK_INLINE void *take(uint8_t **memory, int64_t words) {
    void *taken = *memory;
    *memory += (words * 4 + 63) / 64 * 64;
    return taken;
}

/// Lays the scratch out from `memory` on; returns its bytes.
static int64_t lay_out_attention(const dk_training_attention *job, uint8_t *memory, attention_memory *m) {
    uint8_t *start = memory;
    int64_t head = job->head_dim;
    m->step = job->queries.bfloat ? 2 : 1;
    m->padded = (job->tokens + 31) / 32 * 32;
    m->head_units = head / m->step;
    m->key_units = m->padded / m->step;
    int64_t packed = m->padded * m->head_units, block = DK_GRADIENT_ROWS * DK_KEY_BLOCK;
    m->key_rows = take(&memory, packed);
    m->key_columns = take(&memory, packed);
    m->value_rows = take(&memory, packed);
    m->value_columns = take(&memory, packed);
    m->scores = take(&memory, block);
    m->slopes = take(&memory, block);
    m->sums = take(&memory, DK_GRADIENT_ROWS * head);
    m->key_sums = take(&memory, m->padded * head);
    m->value_sums = take(&memory, m->padded * head);
    m->weight_panels = take(&memory, block);
    m->slope_panels = take(&memory, block);
    m->query_columns = take(&memory, DK_GRADIENT_ROWS * head);
    m->output_columns = take(&memory, DK_GRADIENT_ROWS * head);
    return memory - start;
}

static int64_t training_attention_scratch_bytes(const dk_training_attention *job) {
    attention_memory m;
    uint8_t base[1];
    return lay_out_attention(job, base, &m);
}

/// Values from token `row` and column `column` on.
DK_INLINE dk_values values_from(const dk_values *values, int64_t row, int64_t column) {
    return (dk_values){value_at(values, row, column), values->row, values->bfloat};
}

/// out = rows x columns; a row-major. One row of a and b has `units` units.
DK_INLINE void multiply_rows(const dk_values *a, int64_t rows, const uint32_t *b, int64_t b_panel, int64_t units,
                             int64_t columns, float *out, int64_t out_row, bool adds) {
    const dk_panel_product p = {
        .a = a->data, .a_row = a->bfloat ? a->row / 2 : a->row, .a_is_panels = false, .bfloat = a->bfloat, .b = b,
        .b_panel = b_panel, .units = units, .rows = rows, .columns = columns,
        .store = adds ? DK_ADD_FLOAT : DK_STORE_FLOAT, .out = out, .out_row = out_row, .base = out,
        .base_row = out_row,
    };
    panel_product(&p);
}

/// Keys [first, last) of a block of keys that starts at `block` are what query `token` sees.
typedef struct { int64_t first, last; } seen_keys;

DK_INLINE seen_keys keys_seen(const dk_training_attention *job, int64_t token, int64_t block, int64_t width) {
    int64_t first = job->documents[token] - block, last = token + 1 - block;
    return (seen_keys){first > 0 ? first : 0, last < width ? last : width};
}

/// Of the sixteen keys from `at` on those that are not seen become `other`.
DK_INLINE void mask_unseen(seen_keys seen, int64_t at, float other, dk_f16x *v) {
    const dk_i16x lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    dk_i16x index = lanes + (int32_t)at;
    dk_i16x mask = (index >= (int32_t)seen.first) & (index < (int32_t)seen.last);
    *v = (dk_f16x)((mask & (dk_i16x)*v) | (~mask & (dk_i16x)DK_SPLAT16(other)));
}

DK_INLINE bool all_seen(seen_keys seen, int64_t at) { return at >= seen.first && at + 16 <= seen.last; }
DK_INLINE bool none_seen(seen_keys seen, int64_t at) { return at >= seen.last || at + 16 <= seen.first; }

/// Zeros where columns' panels have units of keys beyond the last token.
DK_INLINE void pad_keys(const dk_training_attention *job, const attention_memory *m, uint32_t *columns) {
    int64_t used = job->tokens / m->step;
    for (int64_t panel = 0; panel < job->head_dim / DK_PANEL_ROWS; panel++)
        memset(columns + (panel * m->key_units + used) * DK_PANEL_ROWS, 0,
               (size_t)((m->key_units - used) * DK_PANEL_ROWS) * 4);
}

/// Rows of n floats to their place.
DK_INLINE void store_rows(const float *rows, const dk_values *out, int64_t first, int64_t column, int64_t count,
                          int64_t n) {
    for (int64_t r = 0; r < count; r++) {
        void *to = value_at(out, first + r, column);
        for (int64_t i = 0; i < n; i += 16) {
            dk_f16x v = DK_LOAD16(rows + r * n + i);
            if (out->bfloat) store16(to, i, true, &v);
            else store16(to, i, false, &v);
        }
    }
}
