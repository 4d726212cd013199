// Template: what the machine can do at best, to measure kernels against. Each variant includes it after the operations,
// having set DK_PEAK_INTEGERS(acc, w, v): sixteen lanes of acc plus four products of bytes each.
#include "vectors.h"

/// Independent sums, enough to hide the latency of one instruction and few enough to stay in registers.
#ifndef DK_PEAK_CHAINS
#define DK_PEAK_CHAINS 12
#endif

/// Keeps the compiler from knowing a value, so that it computes what it would foresee.
#define OPAQUE(v) __asm__ volatile("" : "+m"(v))

/// Multiplies and adds floats; returns how many operations that were.
static int64_t peak_floats(int64_t rounds, float *sink) {
    dk_f16x acc[DK_PEAK_CHAINS] = {}, a = DK_SPLAT16(0.5f), b = DK_SPLAT16(0.25f);
    OPAQUE(a);
    OPAQUE(b);
    for (int64_t r = 0; r < rounds; r++)
        DK_UNROLL for (int i = 0; i < DK_PEAK_CHAINS; i++) acc[i] = DK_FMA16(acc[i], a, b);
    for (int i = 1; i < DK_PEAK_CHAINS; i++) acc[0] += acc[i];
    *sink = acc[0][0];
    return rounds * DK_PEAK_CHAINS * 16 * 2;
}

/// Multiplies bytes and adds the products in int32; returns how many operations that were, 0 when the variant has no
/// instruction for it.
static int64_t peak_integers(int64_t rounds, float *sink) {
#ifdef DK_PEAK_INTEGERS
    dk_i16x acc[DK_PEAK_CHAINS] = {}, w = {}, v = {};
    OPAQUE(w);
    OPAQUE(v);
    for (int64_t r = 0; r < rounds; r++)
        DK_UNROLL for (int i = 0; i < DK_PEAK_CHAINS; i++) acc[i] = DK_PEAK_INTEGERS(acc[i], w, v);
    for (int i = 1; i < DK_PEAK_CHAINS; i++) acc[0] += acc[i];
    *sink = (float)acc[0][0];
    return rounds * DK_PEAK_CHAINS * 64 * 2;
#else
    (void)rounds;
    *sink = 0;
    return 0;
#endif
}

/// Reads `bytes` bytes (a multiple of 256) once, in rising order.
static void read_memory(const uint8_t *memory, int64_t bytes, float *sink) {
    dk_i16x acc[4] = {};
    for (int64_t i = 0; i < bytes; i += 256)
        DK_UNROLL for (int j = 0; j < 4; j++) {
            __builtin_prefetch(memory + i + j * 64 + 4096, 0, 3);
            acc[j] ^= *(const dk_i16x_any *)(const void *)(memory + i + j * 64);
        }
    acc[0] ^= acc[1] ^ acc[2] ^ acc[3];
    *sink = (float)acc[0][0];
}
