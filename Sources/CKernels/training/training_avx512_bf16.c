// The variant for AVX-512 with products of bf16 (Cooper Lake, Zen 4 and later): a unit of bf16 is one instruction.
#ifdef __x86_64__
#include "../lanes_avx512.h"
#include "danlu_training.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,avx2,fma,bmi,bmi2"))), apply_to = function)

#define DK_TILE_ROWS 12
#define DK_TILE_VECTORS 2
#define DK_DOT_BFLOAT(acc, a, b) \
    ((dk_f16x)_mm512_dpbf16_ps((__m512)(acc), (__m512bh)(a), (__m512bh)(b)))
#define DK_TO_BFLOAT16(v) ((dk_h16x)_mm512_cvtneps_pbh((__m512)(v)))

#include "training_templates.h"

#pragma clang attribute pop

#define DK_TABLE dk_training_avx512_bf16
#define DK_NAME "avx512bf16"
#include "training_table.h"
#endif
