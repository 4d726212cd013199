// Template: scores of q8 pages in integers, for AVX-512 VNNI. Included by attention.h.
//
// A unit of keys is a line of packed weights: vpdpbusd multiplies 4 features of 16 positions with 4 bytes of a query.
// Queries keep 16 bits, as two bytes: x = factor * (256 * high + low), factor the largest of 32 features / 32512. Two
// instructions for 64 products where floats need four, and nothing to widen; the error is that of the stored keys.
//
//     packed queries  [tile][block of 32 features]
//                     [8 units: rows x 4 high bytes][8 units: rows x 4 low bytes][rows float factors]
//                     [rows int32: -128 times the sum of 256 * high + low]

/// Bytes of a row's block of packed queries.
#define INTEGER_QUERY_BYTES 72

/// `count` (at most 32) features of a query, row r of a tile of `rows`.
static void pack_integer_block(const float *query, int64_t count, float factor, int64_t r, int64_t rows, uint8_t *out) {
    typedef int8_t bytes16 __attribute__((vector_size(16)));
    float x[32] = {0};
    memcpy(x, query, (size_t)count * 4);
    dk_f16x a[2] = {DK_LOAD16(x) * factor, DK_LOAD16(x + 16) * factor};
    dk_f16x top = DK_MAX16(__builtin_elementwise_abs(a[0]), __builtin_elementwise_abs(a[1]));
    float largest = __builtin_reduce_max(top), inverse = largest > 1e-30f ? 32512 / largest : 0;
    dk_i16x total = {};
    union { bytes16 half[2]; int32_t units[8]; } high, low;
    for (int i = 0; i < 2; i++) {
        dk_i16x q = (dk_i16x)(a[i] * inverse + 12582912.0f) - 0x4b400000, h = (q + 128) >> 8;
        high.half[i] = __builtin_convertvector(h, bytes16);
        low.half[i] = __builtin_convertvector(q - h * 256, bytes16);
        total += q;
    }
    for (int64_t u = 0; u < 8; u++) {
        memcpy(out + (u * rows + r) * 4, &high.units[u], 4);
        memcpy(out + ((8 + u) * rows + r) * 4, &low.units[u], 4);
    }
    float step = largest / 32512;
    int32_t negated = -128 * __builtin_reduce_add(total);
    memcpy(out + (16 * rows + r) * 4, &step, 4);
    memcpy(out + (17 * rows + r) * 4, &negated, 4);
}

static void pack_integer_queries(const float *const *queries, int64_t rows, int64_t dim, float factor, uint8_t *out) {
    int64_t each = tile_rows(rows);
    for (int64_t first = 0; first < rows; first += each) {
        int64_t count = each < rows - first ? each : rows - first;
        for (int64_t d = 0; d < dim; d += 32, out += count * INTEGER_QUERY_BYTES)
            for (int64_t r = 0; r < count; r++)
                pack_integer_block(queries[first + r] + d, dim - d < 32 ? dim - d : 32, factor, r, count, out);
    }
}

/// Adds the products of `units` units with one byte of the queries each.
DK_INLINE void dot_units(const uint8_t *keys, const uint8_t *queries, int64_t units, ptrdiff_t ahead,
                         __m512i dots[][2], const int rows) {
    for (int64_t u = 0; u < units; u++, keys += 128, queries += 4 * rows) {
        __m512i k0 = _mm512_loadu_si512(keys), k1 = _mm512_loadu_si512(keys + 64);
        if (ahead) {
            __builtin_prefetch(keys + ahead, 0, 3);
            __builtin_prefetch(keys + ahead + 64, 0, 3);
        }
        DK_UNROLL for (int r = 0; r < rows; r++) {
            int32_t four;
            memcpy(&four, queries + 4 * r, 4);
            __m512i v = _mm512_set1_epi32(four);
            dots[r][0] = _mm512_dpbusd_epi32(dots[r][0], k0, v);
            dots[r][1] = _mm512_dpbusd_epi32(dots[r][1], k1, v);
        }
    }
}

/// scores[row][0..<32] = queries[row] . keys of a q8 page, for `rows` (constant) rows at a time.
DK_INLINE void score_integer_rows(const uint8_t *queries, const uint8_t *page, int64_t dim, ptrdiff_t ahead,
                                  float *scores, const int rows) {
    const uint8_t *keys = page + padded32(dim) * 2;
    __m512 sums[DK_ATTENTION_ROWS][2];
    DK_UNROLL for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
    for (int64_t d = 0; d < dim; d += 32, page += 64, keys += 1024, queries += rows * INTEGER_QUERY_BYTES) {
        int64_t units = dim - d < 32 ? padded4(dim - d) / 4 : 8;
        const uint8_t *last = queries + 64 * rows;
        __m512i dots[DK_ATTENTION_ROWS][2];
        DK_UNROLL for (int r = 0; r < rows; r++) dots[r][0] = dots[r][1] = _mm512_setzero_si512();
        dot_units(keys, queries, units, ahead, dots, rows);
        DK_UNROLL for (int r = 0; r < rows; r++)
            DK_UNROLL for (int i = 0; i < 2; i++) dots[r][i] = _mm512_slli_epi32(dots[r][i], 8);
        dot_units(keys, queries + 32 * rows, units, 0, dots, rows);
        DK_UNROLL for (int i = 0; i < 2; i++) {
            __m512 scale = (__m512)DK_HALF16((const uint16_t *)(const void *)page + 16 * i);
            DK_UNROLL for (int r = 0; r < rows; r++) {
                float factor;
                int32_t negated;
                memcpy(&factor, last + 4 * r, 4);
                memcpy(&negated, last + 4 * (rows + r), 4);
                __m512 dot = _mm512_cvtepi32_ps(_mm512_add_epi32(dots[r][i], _mm512_set1_epi32(negated)));
                sums[r][i] = _mm512_fmadd_ps(_mm512_mul_ps(dot, scale), _mm512_set1_ps(factor), sums[r][i]);
            }
        }
    }
    DK_UNROLL for (int r = 0; r < rows; r++)
        DK_UNROLL for (int i = 0; i < 2; i++) _mm512_storeu_ps(scores + r * SCORE_STRIDE + 16 * i, sums[r][i]);
}

static void score_integer_page(const uint8_t *queries, const uint8_t *page, int64_t dim, ptrdiff_t ahead,
                               float *scores, int64_t rows) {
    int64_t row_bytes = padded32(dim) / 32 * INTEGER_QUERY_BYTES;
#define SCORE_INTEGER(n) \
    score_integer_rows(queries + r * row_bytes, page, dim, ahead, scores + r * SCORE_STRIDE, n)
    EACH_TILE(rows, SCORE_INTEGER)
}
