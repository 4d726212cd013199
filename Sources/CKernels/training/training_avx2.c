// The variant for AVX2 with FMA: bf16 is widened to floats.
#ifdef __x86_64__
#include "../lanes_avx2.h"
#include "danlu_training.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)

#define DK_TILE_ROWS 6
#define DK_TILE_VECTORS 1

#include "training_templates.h"

#pragma clang attribute pop

#define DK_TABLE dk_training_avx2
#define DK_NAME "avx2"
#include "training_table.h"
#endif
