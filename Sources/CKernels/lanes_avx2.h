// Sixteen lanes in AVX2, for the variants of serving and of training.
#pragma once
#include "vectors.h"
#include <immintrin.h>

#define DK_FMA16(a, b, c) __builtin_elementwise_fma(a, b, c)
#define DK_MAX16(a, b) ({ \
    union { dk_f16x all; __m256 half[2]; } a_ = {.all = (a)}, b_ = {.all = (b)}; \
    a_.half[0] = _mm256_max_ps(a_.half[0], b_.half[0]); \
    a_.half[1] = _mm256_max_ps(a_.half[1], b_.half[1]); \
    a_.all; })
