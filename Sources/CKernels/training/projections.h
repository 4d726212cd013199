// Template: what stands beside the products of a projection: the rotation of heads that have no norm, biases, and the
// noise of adapters, each with its derivative.
#include "lanes.h"

/// Pair (i, i + n/2) turns by the position's angle: (a cos - b sin, a sin + b cos). The way back is the same by the
/// angle's negative.
DK_INLINE void rotate_as(const dk_values *x, const float *cosines, const float *sines, const int32_t *positions,
                         const dk_values *y, int64_t rows, int64_t heads, int64_t n, float sign, const bool bfloat) {
    for (int64_t r = 0; r < rows; r++) {
        const float *cosine = cosines + positions[r] * n / 2, *sine = sines + positions[r] * n / 2;
        for (int64_t h = 0; h < heads; h++) {
            const void *from = value_at(x, r, h * n);
            void *to = value_at(y, r, h * n);
            for (int64_t i = 0; i < n / 2; i += 16) {
                dk_f16x a, b, c = DK_LOAD16(cosine + i), z = DK_LOAD16(sine + i) * sign;
                load16(from, i, bfloat, &a);
                load16(from, n / 2 + i, bfloat, &b);
                dk_f16x low = a * c - b * z, high = a * z + b * c;
                store16(to, i, bfloat, &low);
                store16(to, n / 2 + i, bfloat, &high);
            }
        }
    }
}

static void rotate(const dk_values *x, const float *cosines, const float *sines, const int32_t *positions,
                   const dk_values *y, int64_t rows, int64_t heads, int64_t head_dim, bool back) {
    float sign = back ? -1.0f : 1.0f;
    if (x->bfloat) rotate_as(x, cosines, sines, positions, y, rows, heads, head_dim, sign, true);
    else rotate_as(x, cosines, sines, positions, y, rows, heads, head_dim, sign, false);
}

/// Every row += the bias.
static void add_bias(const dk_values *x, const float *bias, int64_t rows, int64_t n) {
    for (int64_t r = 0; r < rows; r++) {
        void *row = value_at(x, r, 0);
        for (int64_t i = 0; i < n; i += 16) {
            dk_f16x v;
            if (x->bfloat) load16(row, i, true, &v);
            else load16(row, i, false, &v);
            v += DK_LOAD16(bias + i);
            if (x->bfloat) store16(row, i, true, &v);
            else store16(row, i, false, &v);
        }
    }
}

/// The derivative: sums += all rows, in rising order.
static void sum_rows(const dk_values *x, float *sums, int64_t rows, int64_t n) {
    for (int64_t r = 0; r < rows; r++) {
        const void *row = value_at(x, r, 0);
        for (int64_t i = 0; i < n; i += 16) {
            dk_f16x v;
            if (x->bfloat) load16(row, i, true, &v);
            else load16(row, i, false, &v);
            DK_STORE16(sums + i, DK_LOAD16(sums + i) + v);
        }
    }
}

/// The finaliser of splitmix64.
DK_INLINE uint64_t noise_bits(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/// Dropout (Srivastava et al., 2014): numbers are scale times x, or zero with the chance zeros / 65536, a function of
/// key, row and column alone. With `add` they are added to `out`: the derivative.
static void dropout(const dk_values *x, const dk_values *out, int64_t first_row, int64_t rows, int64_t n,
                    uint64_t key, uint32_t zeros, float scale, bool add) {
    for (int64_t r = 0; r < rows; r++) {
        const void *from = value_at(x, r, 0);
        void *to = value_at(out, r, 0);
        for (int64_t i = 0; i < n; i += 16) {
            float factors[16];
            for (int64_t q = 0; q < 4; q++) {
                uint64_t place = (uint64_t)(((first_row + r) * n + i) / 4 + q);
                uint64_t bits = noise_bits(key + (place + 1) * 0x9e3779b97f4a7c15u);
                for (int64_t j = 0; j < 4; j++, bits >>= 16)
                    factors[4 * q + j] = (uint32_t)(bits & 0xffff) < zeros ? 0.0f : scale;
            }
            dk_f16x v, base = {};
            if (x->bfloat) load16(from, i, true, &v);
            else load16(from, i, false, &v);
            if (add && out->bfloat) load16(to, i, true, &base);
            else if (add) load16(to, i, false, &base);
            v = base + v * DK_LOAD16(factors);
            if (out->bfloat) store16(to, i, true, &v);
            else store16(to, i, false, &v);
        }
    }
}
