// The variant for any processor: the templates as the compiler's baseline allows (SSE2, NEON).
#include "vectors.h"

#define DK_ATTENTION_ROWS 2
#define DK_FMA16(a, b, c) ((a) * (b) + (c))
#define DK_TO_HALF(x) dk_float_to_half(x)

#define DK_HALF16(p) ({ \
    dk_f16x v_; \
    for (int i_ = 0; i_ < 16; i_++) v_[i_] = dk_half_to_float((p)[i_]); \
    v_; })

#include "operations.h"
#include "attention.h"

#define DK_TABLE dk_plain_kernels
#define DK_NAME "plain"
#include "table.h"
