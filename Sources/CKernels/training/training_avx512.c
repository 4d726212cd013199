// The variant for AVX-512 without products of bf16 (Skylake-X, Ice Lake): bf16 is widened to floats.
#ifdef __x86_64__
#include "../lanes_avx512.h"
#include "danlu_training.h"

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx2,fma,bmi,bmi2"))), apply_to = function)

#define DK_TILE_ROWS 12
#define DK_TILE_VECTORS 2

#include "training_templates.h"

#pragma clang attribute pop

#define DK_TABLE dk_training_avx512
#define DK_NAME "avx512"
#include "training_table.h"
#endif
