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

/// Sixteen cache elements from element `at`, widened on the way when they are halves.
#define CACHED16(base, at, half) \
    ((half) ? DK_HALF16((const uint16_t *)(const void *)(base) + (at)) : DK_LOAD16((const float *)(base) + (at)))

/// scores[row][0..<32] = queries[row] . keys, for `rows` (constant) rows at a time.
DK_INLINE void score_rows(const float *const *queries, const void *keys, int64_t dim, ptrdiff_t ahead, float *scores,
                          const int rows, const bool half) {
    dk_f16x a[DK_ATTENTION_ROWS][2];
    DK_UNROLL for (int r = 0; r < rows; r++) a[r][0] = a[r][1] = DK_SPLAT16(0.0f);
    for (int64_t d = 0; d < dim; d++) {
        dk_f16x k0 = CACHED16(keys, d * 32, half), k1 = CACHED16(keys, d * 32 + 16, half);
        if (half) __builtin_prefetch((const char *)keys + d * 64 + ahead, 0, 3);
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

/// out[row] = out[row] * correction[row] + sum over `count` positions of weights[row][t] * values[t], `wide` registers
/// of a row at a time so that rows * wide sums run side by side.
DK_INLINE void mix_rows(const float *weights, const float *correction, const void *values, int64_t dim, ptrdiff_t ahead,
                        int64_t count, float *out, int64_t stride, const int rows, const int wide, const bool half) {
    int64_t c = 0;
    for (; c + 16 * wide <= dim; c += 16 * wide) {
        dk_f16x a[DK_ATTENTION_ROWS][4];
        DK_UNROLL for (int r = 0; r < rows; r++)
            DK_UNROLL for (int i = 0; i < wide; i++)
                a[r][i] = DK_LOAD16(out + r * stride + c + 16 * i) * DK_SPLAT16(correction[r]);
        for (int64_t t = 0; t < count; t++) {
            dk_f16x v[4];
            DK_UNROLL for (int i = 0; i < wide; i++) v[i] = CACHED16(values, t * dim + c + 16 * i, half);
            if (half)
                DK_UNROLL for (int i = 0; i < wide; i += 2)
                    __builtin_prefetch((const char *)values + (t * dim + c + 16 * i) * 2 + ahead, 0, 3);
            DK_UNROLL for (int r = 0; r < rows; r++) {
                dk_f16x w = DK_SPLAT16(weights[r * 32 + t]);
                DK_UNROLL for (int i = 0; i < wide; i++) a[r][i] = DK_FMA16(w, v[i], a[r][i]);
            }
        }
        DK_UNROLL for (int r = 0; r < rows; r++)
            DK_UNROLL for (int i = 0; i < wide; i++) DK_STORE16(out + r * stride + c + 16 * i, a[r][i]);
    }
    if (wide > 1 && c < dim)
        for (int i = 0; i < rows; i++)
            for (int64_t rest = c; rest < dim; rest += 16) {
                dk_f16x a = DK_LOAD16(out + i * stride + rest) * DK_SPLAT16(correction[i]);
                for (int64_t t = 0; t < count; t++)
                    a = DK_FMA16(DK_SPLAT16(weights[i * 32 + t]), CACHED16(values, t * dim + rest, half), a);
                DK_STORE16(out + i * stride + rest, a);
            }
}

/// Runs CALL(count) for about equal tiles of at most DK_ATTENTION_ROWS rows, from row r on.
#if DK_ATTENTION_ROWS == 6
#define REST_CASES(CALL) case 5: CALL(5); break; case 4: CALL(4); break; case 3: CALL(3); break; \
    case 2: CALL(2); break; case 1: CALL(1); break;
#elif DK_ATTENTION_ROWS == 3
#define REST_CASES(CALL) case 2: CALL(2); break; case 1: CALL(1); break;
#else
#define REST_CASES(CALL) case 1: CALL(1); break;
#endif
#define EACH_TILE(rows, CALL) \
    int64_t tiles = ((rows) + DK_ATTENTION_ROWS - 1) / DK_ATTENTION_ROWS, each = ((rows) + tiles - 1) / tiles; \
    for (int64_t r = 0; r < (rows); r += each) { \
        switch (each < (rows) - r ? each : (rows) - r) { \
        REST_CASES(CALL) \
        default: CALL(DK_ATTENTION_ROWS); break; \
        } \
    }
/// Registers of a row that keep about 2 * DK_ATTENTION_ROWS sums going.
#define WIDE(n) ((n) * 4 <= 2 * DK_ATTENTION_ROWS ? 4 : 2)

/// Widened keys, or halves as they are (then what lies `ahead` is fetched: the next page).
static void score_page(const float *const *queries, const void *keys, int64_t dim, ptrdiff_t ahead, float *scores,
                       int64_t rows, bool half) {
#define SCORE_WIDE(n) score_rows(queries + r, keys, dim, 0, scores + r * 32, n, false)
#define SCORE_HALF(n) score_rows(queries + r, keys, dim, ahead, scores + r * 32, n, true)
    if (half) {
        EACH_TILE(rows, SCORE_HALF)
    } else {
        EACH_TILE(rows, SCORE_WIDE)
    }
}

static void mix_page(const float *weights, const float *correction, const void *values, int64_t dim, ptrdiff_t ahead,
                     int64_t count, float *out, int64_t stride, int64_t rows, bool half) {
#define MIX(n, h) \
    mix_rows(weights + r * 32, correction + r, values, dim, ahead, count, out + r * stride, stride, n, WIDE(n), h)
#define MIX_WIDE(n) MIX(n, false)
#define MIX_HALF(n) MIX(n, true)
    if (half) {
        EACH_TILE(rows, MIX_HALF)
    } else {
        EACH_TILE(rows, MIX_WIDE)
    }
}

/// The sum of sixteen lanes, halves added to halves.
DK_INLINE float sum_of(const dk_f16x *v) {
    typedef float eight __attribute__((vector_size(32)));
    typedef float four __attribute__((vector_size(16)));
    eight a = __builtin_shufflevector(*v, *v, 0, 1, 2, 3, 4, 5, 6, 7)
              + __builtin_shufflevector(*v, *v, 8, 9, 10, 11, 12, 13, 14, 15);
    four b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    return (b[0] + b[2]) + (b[1] + b[3]);
}

DK_INLINE float exp_of(float x) {
    dk_f16x v = DK_SPLAT16(x);
    fast_exp(&v);
    return v[0];
}

/// Turns 32 scores into weights, given which positions [low, high) of the page this row sees; some are seen.
/// Updates the running maximum and sum; returns the factor for what was summed before.
DK_INLINE float weigh_row(float *s, int32_t low, int32_t high, float factor, float cap, float *maximum, float *sum) {
    const dk_i16x lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const dk_f16x hidden = DK_SPLAT16(-__builtin_inff());
    if (cap > 0) {
        for (int t = 0; t < 32; t++) s[t] *= factor;
        soft_cap(s, cap, 32);
        factor = 1;
    }
    dk_f16x first = DK_LOAD16(s) * factor, second = DK_LOAD16(s + 16) * factor;
    first = SELECT16((lanes >= low) & (lanes < high), first, hidden);
    second = SELECT16((lanes >= low - 16) & (lanes < high - 16), second, hidden);
    float top = __builtin_reduce_max(__builtin_elementwise_max(first, second)), correction = 1;
    if (top > *maximum) {
        correction = exp_of(*maximum - top);
        *maximum = top;
    } else {
        top = *maximum;
    }
    first -= top;
    second -= top;
    fast_exp(&first);
    fast_exp(&second);
    DK_STORE16(s, first);
    DK_STORE16(s + 16, second);
    first += second;
    *sum = *sum * correction + sum_of(&first);
    return correction;
}

/// Softmax weights of every row for the page that starts at position `start`.
static void weigh_page(const dk_attention *job, int64_t token_first, int64_t rows, int64_t start, int64_t begin,
                       int64_t end, float *scores, float *corrections, float *partial, int64_t stride) {
    int64_t position = job->first_position + token_first;
    for (int64_t r = 0; r < rows; position++) {
        int64_t low = job->window > 0 ? position - job->window + 1 : 0, high = position + 1;
        low = (low < begin ? begin : low) - start;
        high = (high > end ? end : high) - start;
        low = low < 0 ? 0 : low;
        high = high > 32 ? 32 : high;
        for (int32_t g = 0; g < job->group; g++, r++) {
            float *state = partial + r * stride + stride - 16;
            if (low < high) {
                corrections[r] = weigh_row(scores + r * 32, (int32_t)low, (int32_t)high, job->scale, job->soft_cap,
                                           state, state + 1);
            } else {
                corrections[r] = 1;
                memset(scores + r * 32, 0, 32 * sizeof(float));
            }
        }
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
    // Few rows: widened on the way. Many rows: widened once for all of them.
    bool direct = job->half && rows <= 2 * DK_ATTENTION_ROWS && value_dim == value_padded;
    for (int64_t start = begin / 32 * 32; start < end; start += 32) {
        int64_t slot = (int64_t)job->pages[start / 32] * job->kv_heads + kv_head;
        int64_t filled = end - start < 32 ? end - start : 32;
        int64_t step = start + 32 < end ? (int64_t)(job->pages[start / 32 + 1] - job->pages[start / 32]) : 0;
        step *= job->kv_heads * 32 * 2;
        const void *page_keys = keys, *page_values = values;
        if (direct) {
            page_keys = job->keys + slot * key_dim * 32 * 2;
            page_values = job->values + slot * value_dim * 32 * 2;
        } else {
            widen(job->keys, slot * key_dim * 32, keys, key_dim * 32, job->half);
            for (int64_t t = 0; t < filled; t++)
                widen(job->values, (slot * 32 + t) * value_dim, values + t * value_padded, value_dim, job->half);
        }
        score_page(queries, page_keys, key_dim, step * key_dim, scores, rows, direct);
        weigh_page(job, token_first, rows, start, begin, end, scores, corrections, partial, stride);
        mix_page(scores, corrections, page_values, value_padded, step * value_dim, filled, partial, stride, rows,
                 direct);
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
        float ours = exp_of(into[padded] - top), theirs = exp_of(from[padded] - top);
        for (int64_t c = 0; c < padded; c++) into[c] = into[c] * ours + from[c] * theirs;
        into[padded + 1] = into[padded + 1] * ours + from[padded + 1] * theirs;
        into[padded] = top;
    }
}
