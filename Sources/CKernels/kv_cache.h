// Template: pages of the key-value cache. Included by each variant, before attention.h.
//
// A page holds 32 positions of one layer, all kv heads one after the other. Keys are transposed, so that one register
// holds one feature of 16 positions. For one kv head:
//
//     F32, F16, BF16   keys    [key_dim][32 positions]
//                      values  [32 positions][value_dim]
//     Q8_0             keys    [b: 32 f16 scales][u: 32 positions x 4 bytes]
//                      values  [b: 32 f16 scales][32 positions][value_dim bytes]
//
// In Q8_0 a scale belongs to one position and block b of 32 features, as in ggml's cache. Unit u holds features
// 4u ..< 4u + 4 of each position as bytes xor 0x80: lines of packed weights (layout.h) with positions in the place of
// rows, so that the same instructions multiply them. Values are signed bytes. Dimensions are rounded up to whole
// units: 34 bytes for 32 features. Scales come first: one sequential stream.
#include "vectors.h"

DK_INLINE int64_t padded16(int64_t n) { return (n + 15) & ~(int64_t)15; }
DK_INLINE int64_t padded4(int64_t n) { return (n + 3) & ~(int64_t)3; }
DK_INLINE int64_t padded32(int64_t n) { return (n + 31) & ~(int64_t)31; }

/// Sixteen signed bytes as floats.
DK_INLINE void widen_bytes(const int8_t *from, dk_f16x *out) {
    typedef int8_t bytes16 __attribute__((vector_size(16), aligned(1)));
    *out = __builtin_convertvector(__builtin_convertvector(*(const bytes16 *)from, dk_i16x), dk_f16x);
}

// MARK: Storing

DK_INLINE void store_element(uint8_t *base, int64_t at, float x, uint32_t element) {
    if (element == DK_F16) ((uint16_t *)(void *)base)[at] = DK_TO_HALF(x);
    else if (element == DK_BF16) ((uint16_t *)(void *)base)[at] = dk_float_to_bfloat(x);
    else ((float *)(void *)base)[at] = x;
}

/// `count` (at most 32) values to bytes with one scale, the others zero; returns the scale's half.
static uint16_t quantize_cached(const float *x, int64_t count, int8_t out[32]) {
    float largest = 0, inverse = 0;
    for (int64_t i = 0; i < count; i++) largest = __builtin_fmaxf(largest, __builtin_fabsf(x[i]));
    largest = __builtin_fminf(largest / 127, 65504);
    uint16_t scale = DK_TO_HALF(largest);
    if (scale) inverse = 1 / dk_half_to_float(scale);
    for (int64_t i = 0; i < 32; i++) {
        // Scales near the smallest half are rounded a lot: then more than 127 steps are wanted.
        float steps = i < count ? __builtin_roundevenf(x[i] * inverse) : 0;
        out[i] = (int8_t)__builtin_fminf(__builtin_fmaxf(steps, -127), 127);
    }
    return scale;
}

static void store_key_q8(const float *key, int64_t dim, uint8_t *page, int64_t slot) {
    int64_t blocks = padded32(dim) / 32;
    uint8_t *units = page + blocks * 64;
    for (int64_t b = 0; b < blocks; b++) {
        int8_t q[32];
        uint16_t scale = quantize_cached(key + b * 32, dim - b * 32 < 32 ? dim - b * 32 : 32, q);
        memcpy(page + b * 64 + slot * 2, &scale, 2);
        for (int64_t d = b * 32; d < padded4(dim) && d < b * 32 + 32; d++)
            units[d / 4 * 128 + slot * 4 + d % 4] = (uint8_t)q[d % 32] ^ 0x80;
    }
}

static void store_value_q8(const float *value, int64_t dim, uint8_t *page, int64_t slot) {
    int64_t blocks = padded32(dim) / 32;
    uint8_t *row = page + blocks * 64 + slot * padded4(dim);
    for (int64_t b = 0; b < blocks; b++) {
        int8_t q[32];
        uint16_t scale = quantize_cached(value + b * 32, dim - b * 32 < 32 ? dim - b * 32 : 32, q);
        memcpy(page + b * 64 + slot * 2, &scale, 2);
        int64_t rest = padded4(dim) - b * 32;
        memcpy(row + b * 32, q, (size_t)(rest < 32 ? rest : 32));
    }
}

static void store_kv(const float *key, const float *value, uint8_t *keys, uint8_t *values, int64_t page, int64_t slot,
                     int32_t kv_heads, int32_t key_dim, int32_t value_dim, uint32_t element) {
    for (int64_t g = 0; g < kv_heads; g++, key += key_dim, value += value_dim) {
        uint8_t *key_page = keys + (page * kv_heads + g) * dk_kv_page_bytes(element, key_dim);
        uint8_t *value_page = values + (page * kv_heads + g) * dk_kv_page_bytes(element, value_dim);
        if (element == DK_Q8_0) {
            store_key_q8(key, key_dim, key_page, slot);
            store_value_q8(value, value_dim, value_page, slot);
            continue;
        }
        for (int64_t d = 0; d < key_dim; d++) store_element(key_page, d * DK_PAGE_TOKENS + slot, key[d], element);
        for (int64_t d = 0; d < value_dim; d++) store_element(value_page, slot * value_dim + d, value[d], element);
    }
}

// MARK: Widening for many rows

/// A page's keys as floats, [dim][32 positions].
static void widen_keys(const uint8_t *page, int64_t dim, float *out, uint32_t element) {
    if (element != DK_Q8_0) {
        for (int64_t i = 0; i < dim * 32; i += 16) {
            if (element == DK_F16) DK_STORE16(out + i, DK_FLOATS16(page, i, DK_F16));
            else if (element == DK_BF16) DK_STORE16(out + i, DK_FLOATS16(page, i, DK_BF16));
            else DK_STORE16(out + i, DK_FLOATS16(page, i, DK_F32));
        }
        return;
    }
    const uint8_t *units = page + padded32(dim) / 32 * 64;
    for (int64_t half = 0; half < 2; half++) {
        for (int64_t d = 0; d < dim; d += 4) {
            dk_f16x scale = DK_HALF16((const uint16_t *)(const void *)(page + d / 32 * 64) + half * 16);
            dk_u8x line = *(const dk_u8x_any *)(units + d * 32 + half * 64) ^ 0x80;
            float *at = out + d * 32 + half * 16;
            int64_t count = dim - d < 4 ? dim - d : 4;
            for (int i = 0; i < count; i++)
                DK_STORE16(at + i * 32, SCALE_SIGNED(line, i) * scale);
        }
    }
}

/// A q8 page's scales as floats, [block][32 positions].
static void widen_scales(const uint8_t *page, int64_t dim, float *scales) {
    for (int64_t i = 0; i < padded32(dim); i += 16)
        DK_STORE16(scales + i, DK_HALF16((const uint16_t *)(const void *)page + i));
}

/// Where the bytes of position t's values start in a q8 page.
DK_INLINE const int8_t *value_bytes(const uint8_t *page, int64_t dim, int64_t t) {
    return (const int8_t *)page + padded32(dim) * 2 + t * padded4(dim);
}

/// Sixteen values of position t from feature c on; q8 with its widened scales.
DK_INLINE void cached_values(const uint8_t *page, const float *scales, int64_t dim, int64_t t, int64_t c,
                             dk_f16x *out, const uint32_t element) {
    if (element == DK_Q8_0) {
        widen_bytes(value_bytes(page, dim, t) + c, out);
        *out *= DK_SPLAT16(scales[c / 32 * 32 + t]);
    } else {
        *out = DK_FLOATS16(page, t * dim + c, element);
    }
}

static float cached_value(const uint8_t *page, const float *scales, int64_t dim, int64_t t, int64_t c,
                          uint32_t element) {
    int64_t at = t * dim + c;
    switch (element) {
    case DK_F16: return dk_half_to_float(dk_load16(page + at * 2));
    case DK_BF16: return dk_bfloat_to_float(dk_load16(page + at * 2));
    case DK_Q8_0: return (float)value_bytes(page, dim, t)[c] * scales[c / 32 * 32 + t];
    default: return ((const float *)(const void *)page)[at];
    }
}

/// `count` positions' values as floats, [position][padded dimension]; what pads stays as it is.
static void widen_values(const uint8_t *page, const float *scales, int64_t dim, int64_t count, float *out,
                         uint32_t element) {
    for (int64_t t = 0; t < count; t++, out += padded16(dim)) {
        int64_t c = 0;
        for (; c + 16 <= dim; c += 16) {
            dk_f16x v;
            if (element == DK_F16) cached_values(page, scales, dim, t, c, &v, DK_F16);
            else if (element == DK_BF16) cached_values(page, scales, dim, t, c, &v, DK_BF16);
            else if (element == DK_Q8_0) cached_values(page, scales, dim, t, c, &v, DK_Q8_0);
            else cached_values(page, scales, dim, t, c, &v, DK_F32);
            DK_STORE16(out + c, v);
        }
        for (; c < dim; c++) out[c] = cached_value(page, scales, dim, t, c, element);
    }
}
