// The variant for any processor: the templates as the compiler's baseline allows (SSE2, NEON).
#include "../vectors.h"
#include "danlu_training.h"

#ifdef __aarch64__
#define DK_FMA16(a, b, c) __builtin_elementwise_fma(a, b, c)
#define DK_TILE_ROWS 4
#else
#define DK_FMA16(a, b, c) ((a) * (b) + (c))
#define DK_TILE_ROWS 2
#endif
#define DK_TILE_VECTORS 1
#define DK_MAX16(a, b) __builtin_elementwise_max(a, b)

#include "training_templates.h"

#define DK_TABLE dk_training_plain
#define DK_NAME "plain"
#include "training_table.h"
