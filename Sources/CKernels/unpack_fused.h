// Template: unpack.h with integer sums of one token as its target: the decode kernel of AVX-512. Nothing is stored but
// scales, so reading goes on at the memory's pace. The sums are those of the dot kernels, in the same float order.
#define UNPACKED(name) name##_fused
#define SINK_PARAMETERS const int8_t *x, __m512i *sums, const int steps
#define SINK x, sums, steps
#define PUT(block, j, v) ({ \
    int32_t four_; \
    memcpy(&four_, x + (block) * 32 + (j) * 4, 4); \
    __m512i *sum_ = &sums[steps == 2 ? (block) * 2 + (j) / 4 : (block)]; \
    *sum_ = _mm512_dpbusd_epi32(*sum_, (__m512i)(v), _mm512_set1_epi32(four_)); })
#define LINE(p) (__builtin_prefetch((p) + ahead, 0, 3), *(const dk_u8x_any *)(p))
#include "unpack.h"
#undef UNPACKED
#undef SINK_PARAMETERS
#undef SINK
#undef PUT
#undef LINE

/// How far ahead of the reading lines are fetched: without, K types reach 10 GB/s from DRAM, with it 14 (one core).
#define FUSED_AHEAD_BYTES 4096

/// Sixteen outputs of one token: group `group` of p times x's only column.
DK_INLINE void multiply_group(const dk_product *p, int64_t group, const uint32_t type, const int steps, const int shift,
                              const bool minimum, float out[DK_GROUP_ROWS]) {
    const dk_activations *x = p->activations;
    const uint8_t *record = p->packed + group * dk_group_bytes(type, p->depth);
    _Alignas(64) float scales[16 * DK_GROUP_ROWS], mins[16 * DK_GROUP_ROWS];
    __m512 acc = _mm512_setzero_ps();
    for (int64_t k = 0; k < p->depth; k += DK_CHUNK, record += dk_record_bytes(type, DK_CHUNK)) {
        int64_t blocks = p->depth - k < DK_CHUNK ? (p->depth - k) / 32 : DK_CHUNK / 32, first = k / 32;
        const int32_t *negated = steps == 1 ? x->sums32 + first : x->sums16 + 2 * first;
        const float *weighted = steps == 1 ? x->weighted32 + first : x->weighted16 + 2 * first;
        __m512i sums[16];
        for (int s = 0; s < 8 * steps; s++)
            sums[s] = minimum || s >= blocks * steps ? _mm512_setzero_si512() : _mm512_set1_epi32(negated[s] << shift);
        unpack_fused(type, record, FUSED_AHEAD_BYTES, blocks, x->quants + k, sums, steps, scales, mins);
        for (int64_t s = 0; s < blocks * steps; s++) {
            __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sums[s]), _mm512_load_ps(scales + s * 16));
            acc = _mm512_fmadd_ps(scaled, _mm512_set1_ps(x->scales[first + s / steps]), acc);
            if (minimum) acc = _mm512_fnmadd_ps(_mm512_load_ps(mins + s * 16), _mm512_set1_ps(weighted[s]), acc);
        }
    }
    _mm512_storeu_ps(out, acc);
}

#define FUSED_CASE(type, steps, shift, minimum) \
    case type: multiply_group(p, group, type, steps, shift, minimum, out); break;

static void multiply_one(const dk_product *p, int64_t first, int64_t last) {
    for (int64_t group = first; group < last; group++) {
        float out[DK_GROUP_ROWS];
        switch (p->type) {
        FUSED_CASE(DK_Q4_0, 1, 3, false)
        FUSED_CASE(DK_Q5_0, 1, 4, false)
        FUSED_CASE(DK_Q8_0, 1, 7, false)
        FUSED_CASE(DK_IQ4_NL, 1, 7, false)
        FUSED_CASE(DK_IQ4_XS, 1, 7, false)
        FUSED_CASE(DK_Q4_1, 1, 0, true)
        FUSED_CASE(DK_Q5_1, 1, 0, true)
        FUSED_CASE(DK_Q4_K, 1, 0, true)
        FUSED_CASE(DK_Q5_K, 1, 0, true)
        FUSED_CASE(DK_Q3_K, 2, 2, false)
        FUSED_CASE(DK_Q6_K, 2, 5, false)
        FUSED_CASE(DK_Q2_K, 2, 0, true)
        default: break;
        }
        store_sums(p, out, group, 0, 1);
    }
}
