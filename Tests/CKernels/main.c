// Runs every test on every variant that this processor has; with a name, on that one alone, which must be the one that
// would be chosen:
//     kernels-test [avx2 | avx512vnni | neon | dotprod]
#include "check.h"

int failures;
const dk_kernels *kernels;
static uint64_t state;

void seed_random(uint64_t seed) { state = seed * 0x9e3779b97f4a7c15u + 1; }

uint64_t random_bits(void) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

float random_float(void) { return (float)(int32_t)(random_bits() >> 32) * 0x1p-31f; }

float random_normal(void) { return random_float() + random_float() + random_float() + random_float(); }

void *allocate(int64_t bytes) {
    size_t size = ((size_t)bytes + 127) / 64 * 64;
    void *memory = aligned_alloc(64, size);
    if (!memory) exit(2);
    return memset(memory, 0, size);
}

int main(int count, char **arguments) {
    for (int32_t variant = DK_PLAIN; variant <= DK_DOTPROD; variant++) {
        kernels = dk_variant(variant);
        if (!kernels || (count > 1 && strcmp(arguments[1], kernels->name))) continue;
        int before = failures;
        test_operations();
        test_attention();
        test_products();
        printf("%s: %d failures\n", kernels->name, failures - before);
    }
    kernels = dk_current();
    test_training();
    if (count > 1 && strcmp(arguments[1], dk_current()->name)) {
        printf("the current variant is %s, not %s\n", dk_current()->name, arguments[1]);
        return 1;
    }
    return failures > 0;
}
