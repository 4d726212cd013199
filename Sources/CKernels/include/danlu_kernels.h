// The C side of Kernels: leaf kernels in variants (plain; AVX2, AVX-512 VNNI; NEON, NEON with dot products), chosen once
// at run time.
//
// Only the Swift target Kernels calls these. Nothing here checks shapes: the Swift wrappers do, once per call.
// Names: dk_ for functions, DK_ for constants. Element types carry ggml's numbers, because files do.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    DK_F32 = 0, DK_F16 = 1, DK_Q4_0 = 2, DK_Q4_1 = 3, DK_Q5_0 = 6, DK_Q5_1 = 7, DK_Q8_0 = 8,
    DK_Q2_K = 10, DK_Q3_K = 11, DK_Q4_K = 12, DK_Q5_K = 13, DK_Q6_K = 14,
    DK_IQ4_NL = 20, DK_IQ4_XS = 23, DK_BF16 = 30,
};

/// Tokens in one page of the key-value cache, and columns of one attention tile.
#define DK_PAGE_TOKENS 32
/// Positions whose partial softmax is computed as one piece and merged in order.
#define DK_SEGMENT_TOKENS 512
/// Rows of weights interleaved in one packed record.
#define DK_GROUP_ROWS 16
/// Columns of one tile of quantised activations.
#define DK_TILE_COLUMNS 6
/// Columns that one call of multiply takes at most.
#define DK_RANGE_COLUMNS 510

// MARK: Reference (plain C, the oracle of everything else)

/// Elements and bytes of one block of a type; 0 for an unknown type.
int32_t dk_block_elements(uint32_t type);
int32_t dk_block_bytes(uint32_t type);
/// Expands `count` elements (a multiple of the block) stored in the file's layout.
void dk_dequantize(uint32_t type, const void *source, float *output, int64_t count);
/// Stores `count` floats as F32, F16 or BF16, rounded to nearest; false for other types.
bool dk_store_floats(uint32_t type, const float *source, void *output, int64_t count);

/// Rows [row_first, row_last) of out = input weights^T, in double precision from the file's layout.
/// `row` is scratch of `depth` floats.
void dk_reference_multiply(uint32_t type, const uint8_t *file, int64_t row_first, int64_t row_last, int64_t depth,
                           const float *input, int64_t input_stride, int64_t columns, float *output,
                           int64_t output_stride, float *row);

// MARK: Packing (pack.c)

/// Bytes of a packed matrix: rows rounded up to whole groups of 16, nothing else added.
int64_t dk_packed_bytes(uint32_t type, int64_t rows, int64_t columns);
/// Packs the 16-row groups [first, last) of a matrix in the file's layout into `packed` (the matrix's start).
void dk_pack(uint32_t type, const uint8_t *file, int64_t rows, int64_t columns, int64_t first, int64_t last,
             uint8_t *packed);

// MARK: Activations

/// Activations as int8 with one scale per 32, in tiles of six columns:
/// tile t holds n = min(6, columns - 6t) columns; its blocks of 32 follow one another.
///
///     quants      tile at 6t*depth     : [block][column 0..<n][32 x int8]
///     scales      tile at 6t*depth/32  : [block][column 0..<n] float
///     sums32      tile at 6t*depth/32  : [block][column 0..<n] int32, minus the sum of the block's int8 values
///     weighted32  tile at 6t*depth/32  : [block][column 0..<n] float, scale times that sum (not negated)
///     sums16, weighted16 : the same for the halves of each block, tile at 6t*depth/16: [block][half][column 0..<n]
///
/// A type of weights needs one of the last four (dk_plane); those that are `skipped` are not written.
typedef struct {
    int8_t *quants;
    float *scales;
    int32_t *sums32, *sums16;
    float *weighted32, *weighted16;
    int64_t columns;  // tokens
    int64_t depth;    // features, a multiple of 32
    uint32_t skipped; // DK_SUMS32 ... that no product needs
} dk_activations;

enum { DK_SUMS32 = 1, DK_SUMS16 = 2, DK_WEIGHTED32 = 4, DK_WEIGHTED16 = 8 };
/// The plane of sums that products with weights of a quantised type need.
uint32_t dk_plane(uint32_t type);

/// One matrix product out[c][r] = sum_k weights[r][k] * input[c][k], or a piece of it.
typedef struct {
    uint32_t type;
    const uint8_t *packed;     // packed records, or NULL when `file` is set
    const uint8_t *file;       // the file's own layout, packed on the fly
    int64_t rows, depth;
    const dk_activations *activations;  // quantised types
    const float *input;        // float types: row-major activations
    int64_t input_stride;
    int64_t columns;
    float *output;             // column c at output + c * output_stride
    int64_t output_stride;
} dk_product;

/// One run of queries over one cache (a sequence's new tokens), for attention.
typedef struct {
    const float *queries;      // token t, head h at queries + t*query_stride + h*head_dim
    int64_t query_stride;
    float *output;             // token t, head h at output + t*output_stride + h*value_dim
    int64_t output_stride;
    const uint8_t *keys;       // layer's keys:   page p, kv head g at (p*kv_heads + g) * dk_kv_page_bytes(key_dim)
    const uint8_t *values;     // layer's values: page p, kv head g at (p*kv_heads + g) * dk_kv_page_bytes(value_dim)
    const int32_t *pages;      // page of positions [32 i, 32 i + 32)
    int64_t tokens, first_position;
    int32_t kv_heads, group, key_dim, value_dim;
    int32_t window;            // positions seen, the own included; 0 = all
    float scale, soft_cap;     // soft_cap 0 = none
    uint32_t element;          // the cache's: DK_F32, DK_F16, DK_BF16 or DK_Q8_0
} dk_attention;

/// The functions that exist in every variant.
typedef struct {
    const char *name;
    /// Columns [first, last) of row-major `input`, features [depth_first, depth_last) (multiples of 32), into tiles.
    void (*quantize_activations)(const float *input, int64_t stride, int64_t first, int64_t last, int64_t depth_first,
                                 int64_t depth_last, const dk_activations *out);
    /// Groups [first, last) of 16 rows times columns [column_first, column_last), at most DK_RANGE_COLUMNS of them.
    /// Both firsts are even numbers of tiles: first a multiple of two, column_first a multiple of six.
    /// `scratch` holds dk_scratch_bytes().
    void (*multiply)(const dk_product *product, int64_t first, int64_t last, int64_t column_first,
                     int64_t column_last, void *scratch);
    /// Stores `count` floats (a multiple of the block) as F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K or
    /// Q6_K, with the scales that lose least (quantize.h); all variants give the same bytes. Returns the index of the
    /// first element that is not finite or too large for the type, else -1.
    int64_t (*quantize)(uint32_t type, const float *source, void *output, int64_t count);
    void (*rms_norm)(const float *x, const float *weight, float epsilon, float weight_offset, float *out, int64_t n);
    void (*softmax)(float *x, int64_t n);
    void (*silu_multiply)(const float *gate, const float *up, float *out, int64_t n);
    void (*gelu_multiply)(const float *gate, const float *up, float *out, int64_t n);
    void (*soft_cap)(float *x, float cap, int64_t n);
    void (*exponential)(const float *x, float *out, int64_t n);
    void (*hyperbolic_tangent)(const float *x, float *out, int64_t n);
    void (*add)(float *x, const float *y, int64_t n);
    void (*add_scaled)(float *x, const float *y, float factor, int64_t n);
    void (*scale)(float *x, float factor, int64_t n);
    void (*rope_half)(float *x, const float *cosine, const float *sine, int64_t heads, int64_t head_dim, int64_t pairs);
    void (*rope_interleaved)(float *x, const float *cosine, const float *sine, int64_t heads, int64_t head_dim,
                             int64_t pairs);
    /// Stores one token's keys (transposed in the page) and values.
    void (*store_kv)(const float *key, const float *value, uint8_t *keys, uint8_t *values, int64_t page, int64_t slot,
                     int32_t kv_heads, int32_t key_dim, int32_t value_dim, uint32_t element);
    /// Queries of tokens [token_first, token_last) of one kv head over positions [begin, end), which lie in one
    /// segment. Writes for each of (tokens x group) rows the unnormalised sum, the maximum (of log2 e times the
    /// score) and the weight: partial row = [value_dim padded to 16 floats][max][sum][14 unused].
    /// `scratch` holds dk_attention_scratch_bytes.
    void (*attend)(const dk_attention *job, int32_t kv_head, int64_t token_first, int64_t token_last, int64_t begin,
                   int64_t end, float *partial, void *scratch);
    /// Merges one later segment's partial rows into earlier ones.
    void (*merge)(float *into, const float *from, int64_t rows, int32_t value_dim);
    /// The machine's roofs (roof.h): operations done in so many rounds, 0 when there is no instruction for them; and
    /// reading `bytes` bytes (a multiple of 256) once. `sink` keeps the results from being left out.
    int64_t (*peak_floats)(int64_t rounds, float *sink);
    int64_t (*peak_integers)(int64_t rounds, float *sink);
    void (*read_memory)(const uint8_t *memory, int64_t bytes, float *sink);
} dk_kernels;

enum { DK_PLAIN = 0, DK_AVX2 = 1, DK_AVX512 = 2, DK_NEON = 3, DK_DOTPROD = 4 };

/// The best variant of this processor, or the one chosen by dk_select.
const dk_kernels *dk_current(void);
/// A named variant, or NULL when this processor lacks it.
const dk_kernels *dk_variant(int32_t variant);
/// Makes a variant current (tests and benchmarks); false when the processor lacks it.
bool dk_select(int32_t variant);

int64_t dk_scratch_bytes(void);
int64_t dk_attention_scratch_bytes(int64_t rows, int32_t key_dim, int32_t value_dim);
/// Bytes of one kv head's keys, or values, of `dim` features in one page (kv_cache.h).
int64_t dk_kv_page_bytes(uint32_t element, int32_t dim);

// MARK: Workers (pool.c)

typedef struct dk_pool dk_pool;
typedef void (*dk_body)(void *context, int32_t worker, int32_t workers);

/// Starts threads - 1 threads; the caller of dk_pool_run is worker 0. NULL when a thread cannot be started.
dk_pool *dk_pool_create(int32_t threads);
void dk_pool_destroy(dk_pool *pool);
/// Runs body on every worker and returns when all have returned. False if a run is in progress already.
/// `items` (below 2^31) pieces of work are there to be taken.
bool dk_pool_run(dk_pool *pool, int64_t items, dk_body body, void *context);
/// Inside a run: `count` neighbouring pieces of work for this worker from the returned one on, each number below
/// `items` once; -1 when all are taken. A worker's own share comes in rising order, several pieces at a time while
/// there are many.
int64_t dk_pool_take(dk_pool *pool, int32_t worker, int64_t *count);

#ifdef __cplusplus
}
#endif
