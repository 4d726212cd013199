// Plain C expansion of every block type, one element after the other, as its definition reads.
#include "formats.h"

static const int8_t iq4_values[16] = {DK_IQ4_VALUES};

int32_t dk_block_elements(uint32_t type) {
    switch (type) {
    case DK_F32: case DK_F16: case DK_BF16: return 1;
    case DK_Q4_0: case DK_Q4_1: case DK_Q5_0: case DK_Q5_1: case DK_Q8_0: case DK_IQ4_NL: return 32;
    case DK_Q2_K: case DK_Q3_K: case DK_Q4_K: case DK_Q5_K: case DK_Q6_K: case DK_IQ4_XS: return 256;
    default: return 0;
    }
}

int32_t dk_block_bytes(uint32_t type) {
    switch (type) {
    case DK_F32: return 4;
    case DK_F16: case DK_BF16: return 2;
    case DK_Q4_0: case DK_IQ4_NL: return 18;
    case DK_Q4_1: return 20;
    case DK_Q5_0: return 22;
    case DK_Q5_1: return 24;
    case DK_Q8_0: return 34;
    case DK_Q2_K: return 84;
    case DK_Q3_K: return 110;
    case DK_Q4_K: return 144;
    case DK_Q5_K: return 176;
    case DK_Q6_K: return 210;
    case DK_IQ4_XS: return 136;
    default: return 0;
    }
}

static float half_at(const uint8_t *p) { return dk_half_to_float(dk_load16(p)); }

/// Q4_0, Q4_1, Q5_0, Q5_1: nibbles with an optional fifth bit and an optional minimum.
static void expand_legacy(const uint8_t *b, float *y, bool fifth, bool minimum) {
    float d = half_at(b), m = minimum ? half_at(b + 2) : 0;
    const uint8_t *p = b + (minimum ? 4 : 2);
    uint32_t high = fifth ? dk_load32(p) : 0;
    const uint8_t *q = fifth ? p + 4 : p;
    int offset = minimum ? 0 : fifth ? 16 : 8;
    for (int k = 0; k < 32; k++) {
        int value = (k < 16 ? q[k] & 15 : q[k - 16] >> 4) | (int)(high >> k & 1) << 4;
        y[k] = (float)(value - offset) * d + m;
    }
}

static void expand_q8_0(const uint8_t *b, float *y) {
    float d = half_at(b);
    for (int k = 0; k < 32; k++) y[k] = (float)(int8_t)b[2 + k] * d;
}

static void expand_iq4(const uint8_t *q, float d, float *y) {
    for (int k = 0; k < 32; k++) y[k] = d * (float)iq4_values[k < 16 ? q[k] & 15 : q[k - 16] >> 4];
}

static void expand_q2_k(const uint8_t *b, float *y) {
    float d = half_at(b + 80), dmin = half_at(b + 82);
    for (int k = 0; k < 256; k++) {
        int scale = b[k / 16], q = b[16 + k / 128 * 32 + k % 32] >> (k / 32 % 4 * 2) & 3;
        y[k] = d * (float)(scale & 15) * (float)q - dmin * (float)(scale >> 4);
    }
}

static void expand_q3_k(const uint8_t *b, float *y) {
    float d = half_at(b + 108);
    for (int k = 0; k < 256; k++) {
        int low = b[32 + k / 128 * 32 + k % 32] >> (k / 32 % 4 * 2) & 3, high = b[k % 32] >> (k / 32) & 1;
        y[k] = d * (float)dk_scale_k3(k / 16, b + 96) * (float)(low + 4 * high - 4);
    }
}

/// Q4_K, and Q5_K with its plane of high bits.
static void expand_q4_k(const uint8_t *b, float *y, bool fifth) {
    float d = half_at(b), dmin = half_at(b + 2);
    const uint8_t *high = b + 16, *q = fifth ? b + 48 : b + 16;
    for (int block = 0; block < 8; block++) {
        int scale, min;
        dk_scale_min_k4(block, b + 4, &scale, &min);
        float s = d * (float)scale, m = dmin * (float)min;
        for (int k = 0; k < 32; k++) {
            int nibble = q[block / 2 * 32 + k] >> (block % 2 * 4) & 15;
            int bit = fifth ? high[k] >> block & 1 : 0;
            y[block * 32 + k] = s * (float)(nibble | bit << 4) - m;
        }
    }
}

static void expand_q6_k(const uint8_t *b, float *y) {
    float d = half_at(b + 208);
    for (int k = 0; k < 256; k++) {
        int half = k / 128, block = k / 32 % 4, l = k % 32;
        int low = b[half * 64 + block % 2 * 32 + l] >> (block / 2 * 4) & 15;
        int high = b[128 + half * 32 + l] >> (block * 2) & 3;
        y[k] = d * (float)(int8_t)b[192 + k / 16] * (float)((low | high << 4) - 32);
    }
}

static void expand_iq4_xs(const uint8_t *b, float *y) {
    float d = half_at(b);
    int high = dk_load16(b + 2);
    for (int block = 0; block < 8; block++) {
        int scale = (b[4 + block / 2] >> (block % 2 * 4) & 15) | (high >> (2 * block) & 3) << 4;
        expand_iq4(b + 8 + block * 16, d * (float)(scale - 32), y + block * 32);
    }
}

static void expand_block(uint32_t type, const uint8_t *b, float *y) {
    switch (type) {
    case DK_F32: memcpy(y, b, 4); break;
    case DK_F16: *y = half_at(b); break;
    case DK_BF16: *y = dk_bfloat_to_float(dk_load16(b)); break;
    case DK_Q4_0: expand_legacy(b, y, false, false); break;
    case DK_Q4_1: expand_legacy(b, y, false, true); break;
    case DK_Q5_0: expand_legacy(b, y, true, false); break;
    case DK_Q5_1: expand_legacy(b, y, true, true); break;
    case DK_Q8_0: expand_q8_0(b, y); break;
    case DK_IQ4_NL: expand_iq4(b + 2, half_at(b), y); break;
    case DK_Q2_K: expand_q2_k(b, y); break;
    case DK_Q3_K: expand_q3_k(b, y); break;
    case DK_Q4_K: expand_q4_k(b, y, false); break;
    case DK_Q5_K: expand_q4_k(b, y, true); break;
    case DK_Q6_K: expand_q6_k(b, y); break;
    case DK_IQ4_XS: expand_iq4_xs(b, y); break;
    default: break;
    }
}

void dk_dequantize(uint32_t type, const void *source, float *output, int64_t count) {
    int64_t elements = dk_block_elements(type), bytes = dk_block_bytes(type);
    const uint8_t *b = source;
    for (int64_t done = 0; elements > 0 && done + elements <= count; done += elements, b += bytes)
        expand_block(type, b, output + done);
}

// MARK: Storing

bool dk_store_floats(uint32_t type, const float *source, void *output, int64_t count) {
    uint8_t *b = output;
    for (int64_t k = 0; k < count; k++) {
        uint16_t half = type == DK_F16 ? dk_float_to_half(source[k]) : dk_float_to_bfloat(source[k]);
        if (type == DK_F32) memcpy(b + 4 * k, source + k, 4);
        else if (type == DK_F16 || type == DK_BF16) memcpy(b + 2 * k, &half, 2);
        else return false;
    }
    return true;
}

// MARK: The oracle of products

void dk_reference_multiply(uint32_t type, const uint8_t *file, int64_t row_first, int64_t row_last, int64_t depth,
                           const float *input, int64_t input_stride, int64_t columns, float *output,
                           int64_t output_stride, float *row) {
    int64_t row_bytes = depth / dk_block_elements(type) * dk_block_bytes(type);
    for (int64_t r = row_first; r < row_last; r++) {
        dk_dequantize(type, file + r * row_bytes, row, depth);
        for (int64_t c = 0; c < columns; c++) {
            const float *x = input + c * input_stride;
            double sum[4] = {0, 0, 0, 0};
            int64_t k = 0;
            for (; k + 4 <= depth; k += 4)
                for (int i = 0; i < 4; i++) sum[i] += (double)row[k + i] * (double)x[k + i];
            for (; k < depth; k++) sum[0] += (double)row[k] * (double)x[k];
            output[c * output_stride + r] = (float)(sum[0] + sum[1] + sum[2] + sum[3]);
        }
    }
}
