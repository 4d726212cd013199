// Template: the key-value cache's pages and attention over them. Included by each variant.
//
// A page holds 32 positions of one layer. Keys are transposed, so that one register holds one feature of 16 positions:
//     keys    page p, kv head g:  [key_dim][32 positions]
//     values  page p, kv head g:  [32 positions][value_dim]
// The scores of a page are then a product (rows x key_dim)(key_dim x 32) without horizontal sums; the rows are all
// query heads that share the kv head, of several tokens, so each page is read and widened once for all of them.
#include "vectors.h"

DK_INLINE int64_t padded16(int64_t n) { return (n + 15) & ~(int64_t)15; }

static void store_kv(const float *key, const float *value, uint8_t *keys, uint8_t *values, int64_t page, int64_t slot,
                     int32_t kv_heads, int32_t key_dim, int32_t value_dim, bool half) {
    int64_t key_base = page * kv_heads * key_dim * DK_PAGE_TOKENS + slot;
    int64_t value_base = page * kv_heads * value_dim * DK_PAGE_TOKENS + slot * value_dim;
    for (int64_t g = 0; g < kv_heads; g++) {
        for (int64_t d = 0; d < key_dim; d++) {
            int64_t at = key_base + (g * key_dim + d) * DK_PAGE_TOKENS;
            float x = key[g * key_dim + d];
            if (half) ((uint16_t *)keys)[at] = DK_TO_HALF(x); else ((float *)keys)[at] = x;
        }
        int64_t at = value_base + g * value_dim * DK_PAGE_TOKENS;
        for (int64_t d = 0; d < value_dim; d++) {
            float x = value[g * value_dim + d];
            if (half) ((uint16_t *)values)[at + d] = DK_TO_HALF(x); else ((float *)values)[at + d] = x;
        }
    }
}

/// Widens `n` cache elements to floats.
static void widen(const uint8_t *source, int64_t first, float *out, int64_t n, bool half) {
    if (!half) {
        memcpy(out, (const float *)source + first, (size_t)n * 4);
        return;
    }
    const uint16_t *h = (const uint16_t *)source + first;
    int64_t i = 0;
    for (; i + 16 <= n; i += 16) DK_STORE16(out + i, DK_HALF16(h + i));
    for (; i < n; i++) out[i] = dk_half_to_float(h[i]);
}

/// scores[row][0..<32] = queries[row] . keys, for `rows` (constant) rows at a time.
DK_INLINE void score_rows(const float *const *queries, const float *keys, int64_t dim, float *scores, const int rows) {
    dk_f16x a[DK_ATTENTION_ROWS][2];
    DK_UNROLL for (int r = 0; r < rows; r++) a[r][0] = a[r][1] = DK_SPLAT16(0.0f);
    for (int64_t d = 0; d < dim; d++) {
        dk_f16x k0 = DK_LOAD16(keys + d * 32), k1 = DK_LOAD16(keys + d * 32 + 16);
        DK_UNROLL for (int r = 0; r < rows; r++) {
            dk_f16x q = DK_SPLAT16(queries[r][d]);
            a[r][0] = DK_FMA16(q, k0, a[r][0]);
            a[r][1] = DK_FMA16(q, k1, a[r][1]);
        }
    }
    DK_UNROLL for (int r = 0; r < rows; r++) {
        DK_STORE16(scores + r * 32, a[r][0]);
        DK_STORE16(scores + r * 32 + 16, a[r][1]);
    }
}

/// out[row] = out[row] * correction[row] + sum over positions [from, to) of weights[row][t] * values[t].
DK_INLINE void mix_rows(const float *weights, const float *correction, const float *values, int64_t dim, int64_t from,
                        int64_t to, float *out, int64_t stride, const int rows) {
    for (int64_t c = 0; c < dim; c += 16) {
        dk_f16x a[DK_ATTENTION_ROWS];
        DK_UNROLL for (int r = 0; r < rows; r++) a[r] = DK_LOAD16(out + r * stride + c) * DK_SPLAT16(correction[r]);
        for (int64_t t = from; t < to; t++) {
            dk_f16x v = DK_LOAD16(values + t * dim + c);
            DK_UNROLL for (int r = 0; r < rows; r++) a[r] = DK_FMA16(DK_SPLAT16(weights[r * 32 + t]), v, a[r]);
        }
        DK_UNROLL for (int r = 0; r < rows; r++) DK_STORE16(out + r * stride + c, a[r]);
    }
}

/// Turns 32 scores into weights, given which positions [low, high) of the page this row sees.
/// Updates the running maximum and sum; returns the factor for what was summed before.
static float weigh_row(float *s, int64_t low, int64_t high, float factor, float cap, float *maximum, float *sum) {
    if (low >= high) {
        for (int t = 0; t < 32; t++) s[t] = 0;
        return 1.0f;
    }
    for (int t = 0; t < 32; t++) s[t] *= factor;
    if (cap > 0) soft_cap(s, cap, 32);
    for (int64_t t = 0; t < low; t++) s[t] = -__builtin_inff();
    for (int64_t t = high; t < 32; t++) s[t] = -__builtin_inff();
    float top = largest_of(s, 32);
    if (top < *maximum) top = *maximum;
    float correction = fast_exp(*maximum - top);
    for (int t = 0; t < 32; t++) s[t] = fast_exp(s[t] - top);
    dk_f16x both = DK_LOAD16(s) + DK_LOAD16(s + 16);
    float total = 0;
    for (int lane = 0; lane < 16; lane++) total += both[lane];
    *sum = *sum * correction + total;
    *maximum = top;
    return correction;
}

/// Softmax weights of every row for the page that starts at position `start`.
static void weigh_page(const dk_attention *job, int64_t token_first, int64_t rows, int64_t start, int64_t begin,
                       int64_t end, float *scores, float *corrections, float *partial, int64_t stride) {
    for (int64_t r = 0; r < rows; r++) {
        int64_t position = job->first_position + token_first + r / job->group;
        int64_t low = job->window > 0 ? position - job->window + 1 : 0, high = position + 1;
        if (low < begin) low = begin;
        if (high > end) high = end;
        low = low - start < 0 ? 0 : low - start;
        high = high - start > 32 ? 32 : high - start;
        float *state = partial + r * stride + stride - 16;
        corrections[r] = weigh_row(scores + r * 32, low, high, job->scale, job->soft_cap, state, state + 1);
    }
}

static void attend(const dk_attention *job, int32_t kv_head, int64_t token_first, int64_t token_last, int64_t begin,
                   int64_t end, float *partial, void *scratch) {
    int64_t key_dim = job->key_dim, value_dim = job->value_dim, value_padded = padded16(value_dim);
    int64_t stride = value_padded + 16, rows = (token_last - token_first) * job->group;
    float *keys = scratch, *values = keys + key_dim * 32, *scores = values + value_padded * 32;
    float *corrections = scores + rows * 32;
    const float **queries = (const float **)(void *)(corrections + padded16(rows));
    memset(partial, 0, (size_t)(rows * stride) * 4);
    for (int64_t r = 0; r < rows; r++) {
        partial[r * stride + value_padded] = -__builtin_inff();
        queries[r] = job->queries + (token_first + r / job->group) * job->query_stride
                     + (kv_head * job->group + r % job->group) * key_dim;
    }
    for (int64_t start = begin / 32 * 32; start < end; start += 32) {
        int64_t page = job->pages[start / 32], slot = page * job->kv_heads + kv_head;
        int64_t filled = end - start < 32 ? end - start : 32;
        widen(job->keys, slot * key_dim * 32, keys, key_dim * 32, job->half);
        for (int64_t t = 0; t < filled; t++)
            widen(job->values, (slot * 32 + t) * value_dim, values + t * value_padded, value_dim, job->half);
        int64_t r = 0;
        for (; r + DK_ATTENTION_ROWS <= rows; r += DK_ATTENTION_ROWS)
            score_rows(queries + r, keys, key_dim, scores + r * 32, DK_ATTENTION_ROWS);
        for (; r < rows; r++) score_rows(queries + r, keys, key_dim, scores + r * 32, 1);
        weigh_page(job, token_first, rows, start, begin, end, scores, corrections, partial, stride);
        for (r = 0; r + DK_ATTENTION_ROWS <= rows; r += DK_ATTENTION_ROWS)
            mix_rows(scores + r * 32, corrections + r, values, value_padded, 0, filled, partial + r * stride, stride,
                     DK_ATTENTION_ROWS);
        for (; r < rows; r++)
            mix_rows(scores + r * 32, corrections + r, values, value_padded, 0, filled, partial + r * stride, stride, 1);
    }
}

static void merge(float *into, const float *from, int64_t rows, int32_t value_dim) {
    int64_t padded = padded16(value_dim), stride = padded + 16;
    for (int64_t r = 0; r < rows; r++, into += stride, from += stride) {
        if (from[padded + 1] == 0) continue;
        if (into[padded + 1] == 0) {
            memcpy(into, from, (size_t)stride * 4);
            continue;
        }
        float top = into[padded] > from[padded] ? into[padded] : from[padded];
        float ours = fast_exp(into[padded] - top), theirs = fast_exp(from[padded] - top);
        for (int64_t c = 0; c < padded; c++) into[c] = into[c] * ours + from[c] * theirs;
        into[padded + 1] = into[padded + 1] * ours + from[padded + 1] * theirs;
        into[padded] = top;
    }
}
