// The kernels of training: products on packed panels, and each layer's function with its derivative beside it.
//
// Everything comes in two precisions: fp32, and bf16 with sums in fp32. A *unit* is 32 bits that a product takes at
// once: one float, or two neighbouring bf16. A *panel* is 32 rows of a factor with their units side by side:
//
//     panel p, unit u:   | row 32p | row 32p+1 | … | row 32p+31 |      32 units = 128 bytes, u rising
//
// Nothing here checks shapes: the Swift wrappers do. docs/training-kernels.md draws the layouts.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Rows of one panel.
#define DK_PANEL_ROWS 32
/// Query rows of one tile of attention, and keys that it sees at once.
#define DK_QUERY_ROWS 12
#define DK_KEY_BLOCK 512
/// Query rows whose share of the gradients of keys and values is added at once.
#define DK_GRADIENT_ROWS 48

/// What a product does with its sums.
enum { DK_STORE_FLOAT, DK_STORE_BFLOAT, DK_ADD_FLOAT };

/// out[r][c] (+)= sum over units of a[r][u] * b[c][u].
typedef struct {
    const uint32_t *a;         // row-major: unit u of row r at a + r * a_row + u; panels: see a_is_panels
    int64_t a_row;             // units between rows, or between panels
    bool a_is_panels;
    bool bfloat;               // units are pairs of bf16
    const uint32_t *b;         // panels of columns
    int64_t b_panel;           // units between panels of b
    int64_t units;
    int64_t rows, columns;     // columns: a multiple of 32
    int32_t store;
    void *out;
    int64_t out_row;           // elements between rows of the output
    const float *base;         // DK_ADD_FLOAT: out = base + sums; may be out
    int64_t base_row;
} dk_panel_product;

/// A row-major matrix of fp32 or bf16.
typedef struct {
    void *data;
    int64_t row;               // elements between rows
    bool bfloat;
} dk_values;

/// Attention of one row of tokens (sequence) and one key-value head. Queries, keys and values are normed and rotated.
typedef struct {
    dk_values queries, keys, values, output;  // at token 0 of the sequence, and at the first head of the group
    float *log_sums;           // [token][head of the group], natural logarithm of the sum of e^score
    int64_t log_sum_row;
    const int32_t *documents;  // where each token's document begins
    int64_t tokens, head_dim, group;
    float scale;
    // backward
    dk_values output_gradient;
    dk_values query_gradient, key_gradient, value_gradient;
} dk_training_attention;

enum { DK_TEACHER_MAX = 128 };

/// What a teacher says of rows: `count` different tokens each (at most DK_TEACHER_MAX), rows x count, and their
/// probabilities at a temperature.
typedef struct {
    const int32_t *ids;
    const float *probabilities;
    int64_t count;
    float temperature, alpha;
} dk_teacher;

typedef struct {
    float learning_rate, beta1, beta2, epsilon, decay;  // decay: of the parameters this step, learning rate included
    float correction1, correction2;                     // 1 - beta^step
    float gradient_scale;
} dk_adamw;

/// The functions that exist in every variant.
typedef struct {
    const char *name;
    void (*product)(const dk_panel_product *product);
    /// Panels of a matrix's rows (units run along its columns): rows of `source` from `first` (a multiple of 16) to
    /// `last`, at their place in `panels`. `units` are those of a whole panel.
    void (*pack_rows)(const dk_values *source, int64_t first, int64_t last, int64_t columns, bool bfloat,
                      int64_t units, uint32_t *panels);
    /// Panels of a matrix's columns (units run along its rows): rows from `first` (even) to `last`, at their place; an
    /// odd last row is paired with zeros. columns: a multiple of 16.
    void (*pack_columns)(const dk_values *source, int64_t first, int64_t last, int64_t columns, bool bfloat,
                         int64_t units, uint32_t *panels);
    /// One panel of rows, of `columns` (a multiple of 32) numbers each, becomes 32 terms of panels of columns: what
    /// pack_columns gives of the same rows. `units` are those of a whole panel of columns.
    void (*turn_panel)(const uint32_t *from, int64_t columns, bool bfloat, int64_t units, uint32_t *panels);
    void (*convert)(const float *source, uint16_t *output, int64_t count);
    /// bf16 to floats; count: a multiple of 16.
    void (*widen)(const uint16_t *source, float *output, int64_t count);

    /// y = x / rms(x) * weight for `rows` rows.
    void (*norm)(const float *x, const float *weight, float epsilon, const dk_values *y, int64_t rows, int64_t n);
    /// x_gradient += the norm's derivative times y_gradient; weight_gradient += its share. Rows of n floats.
    void (*norm_backward)(const float *x, const float *weight, float epsilon, const float *y_gradient,
                          float *x_gradient, float *weight_gradient, int64_t rows, int64_t n);
    /// Each head's norm and rotation (halves): cosines and sines of a token at positions[row] * head_dim / 2.
    void (*head_norm)(const dk_values *x, const float *weight, float epsilon, const float *cosines,
                      const float *sines, const int32_t *positions, const dk_values *y, int64_t rows, int64_t heads,
                      int64_t head_dim);
    /// The derivative, in place: y's gradient becomes x's.
    void (*head_norm_backward)(const dk_values *x, const float *weight, float epsilon, const float *cosines,
                               const float *sines, const int32_t *positions, const dk_values *gradient,
                               float *weight_gradient, int64_t rows, int64_t heads, int64_t head_dim);
    /// Each head's rotation alone, or `back`, which is its derivative; y may be x.
    void (*rotate)(const dk_values *x, const float *cosines, const float *sines, const int32_t *positions,
                   const dk_values *y, int64_t rows, int64_t heads, int64_t head_dim, bool back);
    /// Every row of x += the bias; and the derivative: sums += all rows, in rising order.
    void (*add_bias)(const dk_values *x, const float *bias, int64_t rows, int64_t n);
    void (*sum_rows)(const dk_values *x, float *sums, int64_t rows, int64_t n);
    /// out = scale * x, or 0 with the chance zeros / 65536; with `add`, out += it. A function of key, row, column.
    void (*dropout)(const dk_values *x, const dk_values *out, int64_t first_row, int64_t rows, int64_t n, uint64_t key,
                    uint32_t zeros, float scale, bool add);
    /// out = silu(gate) * up; a row of `x` holds n gates, then n ups.
    void (*swiglu)(const dk_values *x, const dk_values *out, int64_t rows, int64_t n);
    /// From the gradient of out (fp32 rows of n) those of gate and up, and out itself once more.
    void (*swiglu_backward)(const dk_values *x, const dk_values *out_gradient, const dk_values *x_gradient,
                            const dk_values *out, int64_t rows, int64_t n);

    int64_t (*attention_scratch_bytes)(const dk_training_attention *job);
    void (*attention)(const dk_training_attention *job, void *scratch);
    void (*attention_backward)(const dk_training_attention *job, void *scratch);

    /// Rows of logits (fp32, `row` floats apart) to losses in nats. With `gradient`, each row becomes its own gradient
    /// times scale in place, as fp32 or (from the row's start) bf16, zeros up to `padded`; rows whose target is
    /// negative become zeros.
    void (*cross_entropy)(float *logits, int64_t row, const int32_t *targets, float *losses, int64_t rows, int64_t n,
                          int64_t padded, bool gradient, bool bfloat, float scale);
    /// The same with a teacher: also rows' divergences from it in nats, and the gradient of both.
    void (*distillation)(float *logits, int64_t row, const int32_t *targets, const dk_teacher *teacher, float *losses,
                         float *divergences, int64_t rows, int64_t n, int64_t padded, bool gradient, bool bfloat,
                         float scale);

    void (*adamw)(float *parameters, const float *gradients, float *first, float *second, int64_t count,
                  const dk_adamw *settings);
    /// momentum = m * momentum + (1 - m) * gradient * scale; update = the same step ahead (Nesterov).
    void (*momentum)(const float *gradients, float *momentum, float *update, int64_t count, float m, float scale);
    /// x = factor * x + other_factor * y
    void (*blend)(float *x, float factor, const float *y, float other_factor, int64_t count);
    double (*sum_of_squares)(const float *x, int64_t count);
    /// Multiplies and adds bf16 in fp32; returns how many operations that were.
    int64_t (*peak_bfloats)(int64_t rounds, float *sink);
} dk_training_kernels;

enum { DK_TRAIN_PLAIN = 0, DK_TRAIN_AVX2 = 1, DK_TRAIN_AVX512 = 2, DK_TRAIN_AVX512_BF16 = 3 };

/// The best variant of this processor, or the one chosen by dk_training_select.
const dk_training_kernels *dk_training_current(void);
/// A named variant, or NULL when this processor lacks it.
const dk_training_kernels *dk_training_variant(int32_t variant);
/// Makes a variant current (tests and benchmarks); false when the processor lacks it.
bool dk_training_select(int32_t variant);

#ifdef __cplusplus
}
#endif
