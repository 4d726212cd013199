// Template: attention over the pages of kv_cache.h, one segment of at most 512 positions a call. Included by each
// variant.
//
// The rows are all query heads that share the kv head, of several tokens, so each page is read and widened once for
// all of them. Three passes over the segment, each one small product or one row after the other:
//
//     scores (rows x 512) = queries (rows x key_dim) . keys          page by page, no horizontal sums
//     weights = 2^(scores - their row's largest)                     sums and maximum of a whole segment at once
//     out (rows x value_dim) = weights . values                      page by page
//
// Queries carry the scale and log2 e, so that weights are powers of two. A row's numbers are computed in an order that
// does not depend on the rows beside it.
#include "kv_cache.h"

/// Floats from one row of scores to the next; the excess keeps rows off the same lines of the first-level cache.
#define SCORE_STRIDE (DK_SEGMENT_TOKENS + 16)

/// Runs CALL(count) for about equal tiles of at most DK_ATTENTION_ROWS rows, from row r on.
#if DK_ATTENTION_ROWS == 8
#define REST_CASES(CALL) case 7: CALL(7); break; case 6: CALL(6); break; case 5: CALL(5); break; \
    case 4: CALL(4); break; case 3: CALL(3); break; case 2: CALL(2); break; case 1: CALL(1); break;
#elif DK_ATTENTION_ROWS == 6
#define REST_CASES(CALL) case 5: CALL(5); break; case 4: CALL(4); break; case 3: CALL(3); break; \
    case 2: CALL(2); break; case 1: CALL(1); break;
#else
#define REST_CASES(CALL) case 1: CALL(1); break;
#endif
#define EACH_TILE(rows, CALL) \
    for (int64_t r = 0, each_ = tile_rows(rows); r < (rows); r += each_) { \
        switch (each_ < (rows) - r ? each_ : (rows) - r) { \
        REST_CASES(CALL) \
        default: CALL(DK_ATTENTION_ROWS); break; \
        } \
    }

DK_INLINE int64_t tile_rows(int64_t rows) {
    int64_t tiles = (rows + DK_ATTENTION_ROWS - 1) / DK_ATTENTION_ROWS;
    return (rows + tiles - 1) / tiles;
}

// MARK: Scores

/// Rows of queries times `factor`, in tiles: [tile][dim][rows of the tile].
static void pack_queries(const float *const *queries, int64_t rows, int64_t dim, float factor, float *out) {
    int64_t each = tile_rows(rows);
    for (int64_t first = 0; first < rows; first += each) {
        int64_t count = each < rows - first ? each : rows - first;
        for (int64_t r = 0; r < count; r++)
            for (int64_t d = 0; d < dim; d++) out[d * count + r] = queries[first + r][d] * factor;
        out += count * dim;
    }
}

/// scores[row][0..<32] = queries[row] . keys, for `rows` (constant) rows at a time; fetches the page `ahead`.
DK_INLINE void score_rows(const float *queries, const uint8_t *keys, int64_t dim, ptrdiff_t ahead, float *scores,
                          const int rows, const uint32_t element) {
    for (int64_t t = 0; t < 32; t += 16 * DK_ATTENTION_WIDE) {
        dk_f16x a[DK_ATTENTION_ROWS][DK_ATTENTION_WIDE];
        DK_UNROLL for (int r = 0; r < rows; r++)
            DK_UNROLL for (int i = 0; i < DK_ATTENTION_WIDE; i++) a[r][i] = DK_SPLAT16(0.0f);
        const float *q = queries;
        for (int64_t d = 0; d < dim; d++, q += rows) {
            dk_f16x k[DK_ATTENTION_WIDE];
            DK_UNROLL for (int i = 0; i < DK_ATTENTION_WIDE; i++)
                k[i] = DK_FLOATS16(keys, d * 32 + t + 16 * i, element);
            if (element != DK_F32) __builtin_prefetch(keys + d * 64 + t * 2 + ahead, 0, 3);
            DK_UNROLL for (int r = 0; r < rows; r++) {
                dk_f16x v = DK_SPLAT16(q[r]);
                DK_UNROLL for (int i = 0; i < DK_ATTENTION_WIDE; i++) a[r][i] = DK_FMA16(v, k[i], a[r][i]);
            }
        }
        DK_UNROLL for (int r = 0; r < rows; r++)
            DK_UNROLL for (int i = 0; i < DK_ATTENTION_WIDE; i++)
                DK_STORE16(scores + r * SCORE_STRIDE + t + 16 * i, a[r][i]);
    }
}

/// Keys of a float type.
static void score_page(const float *queries, const uint8_t *keys, int64_t dim, ptrdiff_t ahead, float *scores,
                       int64_t rows, uint32_t element) {
#define SCORE(n, e) score_rows(queries + r * dim, keys, dim, ahead, scores + r * SCORE_STRIDE, n, e)
#define SCORE_F32(n) SCORE(n, DK_F32)
#define SCORE_F16(n) SCORE(n, DK_F16)
#define SCORE_BF16(n) SCORE(n, DK_BF16)
    if (element == DK_F16) {
        EACH_TILE(rows, SCORE_F16)
    } else if (element == DK_BF16) {
        EACH_TILE(rows, SCORE_BF16)
    } else {
        EACH_TILE(rows, SCORE_F32)
    }
}

#ifdef DK_INTEGER_SCORES
#include "attention_integer.h"
#endif

// MARK: Weights

/// The sum of sixteen lanes, halves added to halves.
DK_INLINE float sum_of(const dk_f16x *v) {
    typedef float eight __attribute__((vector_size(32)));
    typedef float four __attribute__((vector_size(16)));
    eight a = __builtin_shufflevector(*v, *v, 0, 1, 2, 3, 4, 5, 6, 7)
              + __builtin_shufflevector(*v, *v, 8, 9, 10, 11, 12, 13, 14, 15);
    four b = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    return (b[0] + b[2]) + (b[1] + b[3]);
}

/// 2^x for x <= 0, relative error below 3e-7; 0 below -126.5.
DK_INLINE void power_below_one(dk_f16x *value) {
    dk_f16x x = DK_MAX16(*value, DK_SPLAT16(-127.0f));
    dk_f16x shifted = x + 12582912.0f;  // 1.5 * 2^23: an integer in the low bits
    dk_f16x r = x - (shifted - 12582912.0f), p = DK_SPLAT16(1.32647273e-3f);
    p = DK_FMA16(p, r, DK_SPLAT16(9.67151299e-3f));
    p = DK_FMA16(p, r, DK_SPLAT16(5.55073358e-2f));
    p = DK_FMA16(p, r, DK_SPLAT16(2.40222424e-1f));
    p = DK_FMA16(p, r, DK_SPLAT16(6.93147004e-1f));
    p = DK_FMA16(p, r, DK_SPLAT16(1.0f));
    *value = p * (dk_f16x)(((dk_i16x)shifted + 127) << 23);  // at -127 the exponent's bits are those of zero
}

DK_INLINE float power_of(float x) {
    dk_f16x v = DK_SPLAT16(x);
    power_below_one(&v);
    return v[0];
}

#define LOG2_E 1.44269504088896341f

/// Turns `count` scores (whole pages) of a row that sees positions [low, high), some, into weights.
static void weigh_row(float *s, int64_t low, int64_t high, int64_t count, float cap, float *maximum, float *sum) {
    const dk_i16x lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const dk_f16x hidden = DK_SPLAT16(-__builtin_inff());
    int64_t from = low / 16 * 16, to = padded16(high);
    memset(s, 0, (size_t)from * 4);
    memset(s + to, 0, (size_t)(count - to) * 4);
    if (cap > 0) {
        soft_cap(s + from, cap, to - from);
        scale(s + from, LOG2_E, to - from);
    }
    if (low > from) DK_STORE16(s + from, SELECT16(lanes >= (int32_t)(low - from), DK_LOAD16(s + from), hidden));
    if (high < to)
        DK_STORE16(s + to - 16, SELECT16(lanes < (int32_t)(high - to + 16), DK_LOAD16(s + to - 16), hidden));
    dk_f16x top = DK_LOAD16(s + from), total = DK_SPLAT16(0.0f);
    for (int64_t i = from + 16; i < to; i += 16) top = DK_MAX16(DK_LOAD16(s + i), top);
    float largest = __builtin_reduce_max(top);
    for (int64_t i = from; i < to; i += 16) {
        dk_f16x v = DK_LOAD16(s + i) - largest;
        power_below_one(&v);
        DK_STORE16(s + i, v);
        total += v;
    }
    *maximum = largest;
    *sum = sum_of(&total);
}

/// Weights of every row over the pages from position `start` on, of which [begin, end) count.
static void weigh(const dk_attention *job, int64_t token_first, int64_t rows, int64_t start, int64_t begin,
                  int64_t end, float *scores, float *partial, int64_t stride) {
    int64_t position = job->first_position + token_first, count = (end - start + 31) / 32 * 32;
    for (int64_t r = 0; r < rows; position++) {
        int64_t low = job->window > 0 ? position - job->window + 1 : 0, high = position + 1;
        low = (low < begin ? begin : low) - start;
        high = (high > end ? end : high) - start;
        for (int32_t g = 0; g < job->group; g++, r++) {
            float *s = scores + r * SCORE_STRIDE, *state = partial + r * stride + stride - 16;
            if (low < high) {
                weigh_row(s, low, high, count, job->soft_cap, state, state + 1);
            } else {
                state[0] = -__builtin_inff();
                memset(s, 0, (size_t)count * 4);
            }
        }
    }
}

// MARK: Values

/// out[row] += sum over `count` positions of weights[row][t] * values[t], `wide` registers of a row at a time so that
/// rows * wide sums run side by side; fetches the page `ahead`.
DK_INLINE void mix_rows(const float *weights, const uint8_t *values, const float *scales, int64_t dim,
                        ptrdiff_t ahead, int64_t count, float *out, int64_t stride, const int rows, const int wide,
                        const uint32_t element) {
    const int64_t bytes = element == DK_F32 ? 4 : element == DK_Q8_0 ? 1 : 2;
    const uint8_t *next = values + ahead + (element == DK_Q8_0 ? dim * 2 : 0);
    int64_t c = 0;
    for (; c + 16 * wide <= dim; c += 16 * wide) {
        dk_f16x a[DK_ATTENTION_ROWS][2 * DK_ATTENTION_WIDE];
        DK_UNROLL for (int r = 0; r < rows; r++)
            DK_UNROLL for (int i = 0; i < wide; i++) a[r][i] = DK_LOAD16(out + r * stride + c + 16 * i);
        for (int64_t t = 0; t < count; t++) {
            dk_f16x v[2 * DK_ATTENTION_WIDE];
            DK_UNROLL for (int i = 0; i < wide; i++)
                cached_values(values, scales, dim, t, c + 16 * i, &v[i], element);
            if (element != DK_F32)
                DK_UNROLL for (int i = 0; i < wide; i += DK_ATTENTION_WIDE)
                    __builtin_prefetch(next + (t * dim + c + 16 * i) * bytes, 0, 3);
            DK_UNROLL for (int r = 0; r < rows; r++) {
                dk_f16x w = DK_SPLAT16(weights[r * SCORE_STRIDE + t]);
                DK_UNROLL for (int i = 0; i < wide; i++) a[r][i] = DK_FMA16(w, v[i], a[r][i]);
            }
        }
        DK_UNROLL for (int r = 0; r < rows; r++)
            DK_UNROLL for (int i = 0; i < wide; i++) DK_STORE16(out + r * stride + c + 16 * i, a[r][i]);
    }
    if (wide > 1 && c < dim)
        for (int i = 0; i < rows; i++)
            for (int64_t rest = c; rest < dim; rest += 16) {
                dk_f16x a = DK_LOAD16(out + i * stride + rest), v;
                for (int64_t t = 0; t < count; t++) {
                    cached_values(values, scales, dim, t, rest, &v, element);
                    a = DK_FMA16(DK_SPLAT16(weights[i * SCORE_STRIDE + t]), v, a);
                }
                DK_STORE16(out + i * stride + rest, a);
            }
}

/// Registers of a row that keep about as many sums going as scores do.
#define WIDE(n) ((n) * 2 <= DK_ATTENTION_ROWS ? 2 * DK_ATTENTION_WIDE : DK_ATTENTION_WIDE)

static void mix_page(const float *weights, const uint8_t *values, const float *scales, int64_t dim, ptrdiff_t ahead,
                     int64_t count, float *out, int64_t stride, int64_t rows, uint32_t element) {
#define MIX(n, e) mix_rows(weights + r * SCORE_STRIDE, values, scales, dim, ahead, count, out + r * stride, stride, \
                           n, WIDE(n), e)
#define MIX_F32(n) MIX(n, DK_F32)
#define MIX_F16(n) MIX(n, DK_F16)
#define MIX_BF16(n) MIX(n, DK_BF16)
#define MIX_Q8_0(n) MIX(n, DK_Q8_0)
    if (element == DK_F16) {
        EACH_TILE(rows, MIX_F16)
    } else if (element == DK_BF16) {
        EACH_TILE(rows, MIX_BF16)
    } else if (element == DK_Q8_0) {
        EACH_TILE(rows, MIX_Q8_0)
    } else {
        EACH_TILE(rows, MIX_F32)
    }
}

// MARK: A segment

/// What a call needs beside its partial rows; see dk_attention_scratch_bytes.
typedef struct {
    float *keys, *values;   // a widened page
    float *scales;          // a q8 page's
    float *scores;          // [row][SCORE_STRIDE]
    float *queries;         // packed
    const float **rows;     // each row's query
} attention_scratch;

static attention_scratch cut(void *memory, int64_t rows, int64_t key_dim, int64_t value_dim) {
    attention_scratch s = {.keys = memory};
    s.values = s.keys + padded16(key_dim) * 32;
    s.scales = s.values + padded16(value_dim) * 32;
    s.scores = s.scales + padded32(value_dim);
    s.queries = s.scores + rows * SCORE_STRIDE;
    s.rows = (const float **)(void *)(s.queries + padded16(rows * padded32(key_dim)));
    return s;
}

/// The address of a kv head's part of the page at position `start`.
DK_INLINE const uint8_t *page_at(const dk_attention *job, const uint8_t *base, int32_t dim, int32_t kv_head,
                                 int64_t start) {
    return base + ((int64_t)job->pages[start / 32] * job->kv_heads + kv_head) * dk_kv_page_bytes(job->element, dim);
}

/// Fetches what the caller reads next.
static void fetch(const uint8_t *bytes, int64_t count) {
    for (int64_t i = 0; i < count; i += 64) __builtin_prefetch(bytes + i, 0, 3);
}

static void score_segment(const dk_attention *job, int32_t kv_head, int64_t rows, int64_t start, int64_t end,
                          bool direct, const attention_scratch *s) {
    int32_t dim = job->key_dim;
    float factor = job->soft_cap > 0 ? job->scale : job->scale * LOG2_E;
    bool integer = false;
#ifdef DK_INTEGER_SCORES
    integer = job->element == DK_Q8_0;
    if (integer) pack_integer_queries(s->rows, rows, dim, factor, (uint8_t *)s->queries);
#endif
    if (!integer) pack_queries(s->rows, rows, dim, factor, s->queries);
    for (int64_t at = start; at < end; at += 32) {
        const uint8_t *page = page_at(job, job->keys, dim, kv_head, at);
        const uint8_t *next = at + 32 < end ? page_at(job, job->keys, dim, kv_head, at + 32)
                                            : page_at(job, job->values, job->value_dim, kv_head, start);
        float *scores = s->scores + at - start;
        if (integer) {
#ifdef DK_INTEGER_SCORES
            score_integer_page((const uint8_t *)s->queries, page, dim, next - page, scores, rows);
#endif
        } else if (direct) {
            score_page(s->queries, page, dim, next - page, scores, rows, job->element);
        } else {
            fetch(next, dk_kv_page_bytes(job->element, dim));
            widen_keys(page, dim, s->keys, job->element);
            score_page(s->queries, (const uint8_t *)s->keys, dim, 0, scores, rows, DK_F32);
        }
    }
}

static void mix_segment(const dk_attention *job, int32_t kv_head, int64_t rows, int64_t start, int64_t end, bool direct,
                        float *partial, const attention_scratch *s) {
    int32_t dim = job->value_dim;
    int64_t padded = padded16(dim);
    for (int64_t at = start; at < end; at += 32) {
        const uint8_t *page = page_at(job, job->values, dim, kv_head, at);
        const uint8_t *next = page;
        if (at + 32 < end) next = page_at(job, job->values, dim, kv_head, at + 32);
        else if (end < job->first_position + job->tokens) next = page_at(job, job->keys, job->key_dim, kv_head, end);
        const float *weights = s->scores + at - start;
        int64_t filled = end - at < 32 ? end - at : 32;
        if (job->element == DK_Q8_0) widen_scales(page, dim, s->scales);
        if (direct) {
            mix_page(weights, page, s->scales, dim, next - page, filled, partial, padded + 16, rows, job->element);
        } else {
            fetch(next, dk_kv_page_bytes(job->element, dim));
            widen_values(page, s->scales, dim, filled, s->values, job->element);
            mix_page(weights, (const uint8_t *)s->values, NULL, padded, 0, filled, partial, padded + 16, rows, DK_F32);
        }
    }
}

static void attend(const dk_attention *job, int32_t kv_head, int64_t token_first, int64_t token_last, int64_t begin,
                   int64_t end, float *partial, void *memory) {
    int64_t rows = (token_last - token_first) * job->group, start = begin / 32 * 32;
    int64_t stride = padded16(job->value_dim) + 16;
    attention_scratch s = cut(memory, rows, job->key_dim, job->value_dim);
    memset(partial, 0, (size_t)(rows * stride) * 4);
    for (int64_t r = 0; r < rows; r++)
        s.rows[r] = job->queries + (token_first + r / job->group) * job->query_stride
                    + (kv_head * job->group + r % job->group) * job->key_dim;
    // Few rows: widened on the way, for every tile anew. Many rows: widened once for all of them.
    bool plain = job->element == DK_F32, bytes = job->element == DK_Q8_0, whole = job->value_dim % 16 == 0;
    bool few = rows <= 2 * DK_ATTENTION_ROWS;
    score_segment(job, kv_head, rows, start, end, plain || (few && !bytes), &s);
    weigh(job, token_first, rows, start, begin, end, s.scores, partial, stride);
    mix_segment(job, kv_head, rows, start, end, whole && (plain || few), partial, &s);
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
        float ours = power_of(into[padded] - top), theirs = power_of(from[padded] - top);
        for (int64_t c = 0; c < padded; c++) into[c] = into[c] * ours + from[c] * theirs;
        into[padded + 1] = into[padded + 1] * ours + from[padded + 1] * theirs;
        into[padded] = top;
    }
}
