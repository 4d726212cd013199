// Parameters of the dot kernels, which each variant writes in its own instructions:
//
//     sums[group][column][row] += sum over steps: scale * (dot + (sum << shift)) * x.scale - min * x.weighted
//
// over `blocks` 32-blocks of the panels a and b (groups 0 and 1) and a tile of `columns` columns whose data start at
// element `first` of x's planes. `sum` is x's negated sum, so the shift takes off the weights' offset 2^shift.
#pragma once
#include "layout.h"

/// Panels of one group's chunk.
typedef struct {
    _Alignas(64) uint8_t quants[DK_CHUNK * DK_GROUP_ROWS];
    float scales[16 * DK_GROUP_ROWS];
    float mins[16 * DK_GROUP_ROWS];
} panel;

#define DOT_PARAMETERS \
    const panel *a, const panel *b, int64_t blocks, const dk_activations *x, int64_t first, float *sums
