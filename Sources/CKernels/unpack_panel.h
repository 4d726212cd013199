// Template: unpack.h with panels as its target. What lies `ahead` is fetched, because the hardware's prefetcher stops
// at pages, and while a panel is multiplied.
#define UNPACKED(name) name
#define SINK_PARAMETERS uint8_t *quants
#define SINK quants
#define PUT(block, j, v) (*(dk_u8x *)(quants + ((block) * 8 + (j)) * 64) = (v))
#define LINE(p) ({ \
    __builtin_prefetch((p) + ahead, 0, 3); \
    *(const dk_u8x_any *)(p); })
#include "unpack.h"
#undef UNPACKED
#undef SINK_PARAMETERS
#undef SINK
#undef PUT
#undef LINE
