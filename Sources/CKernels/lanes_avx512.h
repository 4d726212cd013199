// Sixteen lanes in AVX-512, for the variants of serving and of training.
#pragma once
#include "vectors.h"
#include <immintrin.h>

#define DK_FMA16(a, b, c) __builtin_elementwise_fma(a, b, c)
#define DK_MAX16(a, b) ((dk_f16x)_mm512_max_ps((__m512)(a), (__m512)(b)))
