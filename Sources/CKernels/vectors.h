// Vector types of the templates. Sixteen lanes wide everywhere; the compiler splits them where registers are narrower.
//
// A file that includes the templates sets, before including them:
//     DK_HALF16(p)        sixteen halves at p as floats
//     DK_STORE_HALF16     floats to sixteen halves
//     DK_MAX16(a, b)      larger lanes; what NaN gives is not said
//     DK_ATTENTION_ROWS, DK_ATTENTION_WIDE   rows of one attention tile, and accumulators of sixteen lanes of each
#pragma once
#include "formats.h"

typedef float dk_f16x __attribute__((vector_size(64)));       // sixteen floats
typedef int32_t dk_i16x __attribute__((vector_size(64)));     // sixteen int32
typedef float dk_f16x_any __attribute__((vector_size(64), aligned(4)));
typedef int32_t dk_i16x_any __attribute__((vector_size(64), aligned(4)));

typedef uint8_t dk_u8x __attribute__((vector_size(64)));      // one line of a record
typedef uint8_t dk_u8x_any __attribute__((vector_size(64), aligned(1)));

#define DK_LOAD16(p) (*(const dk_f16x_any *)(p))
/// Sixteen elements of a float type (a constant) from element `at` of `base`, as floats.
#define DK_FLOATS16(base, at, type) ({ \
    typedef uint16_t halves16_ __attribute__((vector_size(32), aligned(2))); \
    const uint16_t *halves_ = (const uint16_t *)(const void *)(base) + (at); \
    dk_f16x floats_; \
    if ((type) == DK_F16) floats_ = DK_HALF16(halves_); \
    else if ((type) == DK_BF16) \
        floats_ = (dk_f16x)(__builtin_convertvector(*(const halves16_ *)halves_, dk_i16x) << 16); \
    else floats_ = DK_LOAD16((const float *)(const void *)(base) + (at)); \
    floats_; })
#define DK_STORE16(p, v) (*(dk_f16x_any *)(p) = (v))
/// One load-and-broadcast; adding to a zero vector instead would cost an addition, since -0 + 0 is not -0.
#define DK_SPLAT16(x) ({ \
    float x_ = (x); \
    (dk_f16x){x_, x_, x_, x_, x_, x_, x_, x_, x_, x_, x_, x_, x_, x_, x_, x_}; })
#define DK_UNROLL _Pragma("clang loop unroll(full)")

/// Byte i of each row's four as a float, masked or sign-extended.
#define SCALE_BYTE(line, i, mask) __builtin_convertvector(((dk_i16x)(line) >> (8 * (i))) & (mask), dk_f16x)
#define SCALE_SIGNED(line, i) __builtin_convertvector(((dk_i16x)(line) << (24 - 8 * (i))) >> 24, dk_f16x)
