// The variant for AVX2 with FMA: bf16 is widened to floats.
#ifdef __x86_64__
#include "../vectors.h"
#include "danlu_training.h"
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)

#define DK_TILE_ROWS 6
#define DK_TILE_VECTORS 1
#define DK_FMA16(a, b, c) __builtin_elementwise_fma(a, b, c)
#define DK_MAX16(a, b) ({ \
    union { dk_f16x all; __m256 half[2]; } a_ = {.all = (a)}, b_ = {.all = (b)}; \
    a_.half[0] = _mm256_max_ps(a_.half[0], b_.half[0]); \
    a_.half[1] = _mm256_max_ps(a_.half[1], b_.half[1]); \
    a_.all; })

#include "training_templates.h"

#pragma clang attribute pop

#define DK_TABLE dk_training_avx2
#define DK_NAME "avx2"
#include "training_table.h"
#endif
