// Block layouts of the quantised types, as files hold them (little-endian), and half-precision conversion.
//
//     type    elements  bytes  layout (offset: field)
//     Q4_0    32        18     0: d f16 | 2: 16 x nibbles, low = k, high = k+16; value d*(q-8)
//     Q4_1    32        20     0: d f16 | 2: m f16 | 4: nibbles; d*q + m
//     Q5_0    32        22     0: d f16 | 2: u32, bit k = high bit of element k | 6: nibbles; d*(q-16)
//     Q5_1    32        24     0: d | 2: m | 4: high bits | 8: nibbles; d*q + m
//     Q8_0    32        34     0: d f16 | 2: 32 x int8; d*q
//     IQ4_NL  32        18     as Q4_0 with d*table[q]
//     Q2_K    256       84     0: 16 x (scale 4 bits | min 4 bits << 4) | 16: 64 B of 2-bit values | 80: d | 82: dmin
//     Q3_K    256       110    0: 32 B high-bit mask | 32: 64 B of 2-bit values | 96: 12 B of 6-bit scales | 108: d
//     Q4_K    256       144    0: d | 2: dmin | 4: 12 B of 6-bit scales and mins | 16: 128 B nibbles
//     Q5_K    256       176    0: d | 2: dmin | 4: 12 B scales and mins | 16: 32 B high bits | 48: 128 B nibbles
//     Q6_K    256       210    0: 128 B low nibbles | 128: 64 B of high 2 bits | 192: 16 x int8 scales | 208: d
//     IQ4_XS  256       136    0: d | 2: u16 high scale bits | 4: 4 B low scale nibbles | 8: 128 B nibbles
#pragma once
#include "danlu_kernels.h"
#include <string.h>

#define DK_INLINE static inline __attribute__((always_inline))

/// The sixteen values of IQ4_NL and IQ4_XS.
#define DK_IQ4_VALUES -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113

DK_INLINE uint16_t dk_load16(const uint8_t *p) { uint16_t v; memcpy(&v, p, 2); return v; }
DK_INLINE uint32_t dk_load32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }

/// Exact: every half value, subnormals, infinities and NaN included.
DK_INLINE float dk_half_to_float(uint16_t h) {
    uint32_t sign = (uint32_t)(h & 0x8000) << 16, exponent = (h >> 10) & 31, mantissa = h & 1023, bits;
    if (exponent == 31) {
        bits = sign | 0x7f800000u | mantissa << 13;
    } else if (exponent) {
        bits = sign | (exponent + 112) << 23 | mantissa << 13;
    } else {
        float f = (float)mantissa * 0x1p-24f;
        memcpy(&bits, &f, 4);
        bits |= sign;
    }
    float f;
    memcpy(&f, &bits, 4);
    return f;
}

/// Rounds to nearest even, overflows to infinity, keeps NaN.
DK_INLINE uint16_t dk_float_to_half(float f) {
    uint32_t bits;
    memcpy(&bits, &f, 4);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) return (uint16_t)(sign | 0x7e00 | (magnitude >> 13 & 0x1ff));
    if (magnitude >= 0x477ff000u) return (uint16_t)(sign | 0x7c00);
    if (magnitude < 0x38800000u) {  // subnormal: let the addition round at 2^-24
        float value;
        memcpy(&value, &magnitude, 4);
        value += 0.5f;
        uint32_t sum;
        memcpy(&sum, &value, 4);
        return (uint16_t)(sign | (sum & 0x7ff));
    }
    uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23);
    return (uint16_t)(sign | rounded >> 13);
}

DK_INLINE float dk_bfloat_to_float(uint16_t h) {
    uint32_t bits = (uint32_t)h << 16;
    float f;
    memcpy(&f, &bits, 4);
    return f;
}

/// Rounds to nearest even, keeps NaN.
DK_INLINE uint16_t dk_float_to_bfloat(float f) {
    uint32_t bits;
    memcpy(&bits, &f, 4);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/// Six-bit scale and min of 32-block `j` of a Q4_K or Q5_K superblock.
DK_INLINE void dk_scale_min_k4(int j, const uint8_t *s, int *scale, int *min) {
    if (j < 4) {
        *scale = s[j] & 63;
        *min = s[j + 4] & 63;
    } else {
        *scale = (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
        *min = s[j + 4] >> 4 | (s[j] >> 6) << 4;
    }
}

/// Signed scale of 16-block `j` of a Q3_K superblock, -32..31.
DK_INLINE int dk_scale_k3(int j, const uint8_t *s) {
    int low = j < 8 ? s[j] & 15 : s[j - 8] >> 4;
    int high = s[8 + j % 4] >> (2 * (j / 4)) & 3;
    return (low | high << 4) - 32;
}
