// What the tests of the C kernels share: they run where Swift does not, on arm64 under an emulator too.
#pragma once
#include "danlu_kernels.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Failures so far; the program's exit status says whether there were any.
extern int failures;
/// The variant under test and its name.
extern const dk_kernels *kernels;

/// Counts and prints a failure, at most twenty.
#define CHECK(condition, ...) \
    do { \
        if (!(condition) && failures++ < 20) { \
            printf("%s:%d [%s] ", __FILE__, __LINE__, kernels->name); \
            printf(__VA_ARGS__); \
            printf("\n"); \
        } \
    } while (0)

/// The random numbers of a fixed seed (splitmix64).
uint64_t random_bits(void);
void seed_random(uint64_t seed);
/// Uniform in [-1, 1).
float random_float(void);
/// About normal, variance 4/3.
float random_normal(void);

/// Zeroed memory aligned to 64 bytes; never NULL.
void *allocate(int64_t bytes);

void test_products(void);
void test_operations(void);
void test_attention(void);
/// All variants of the kernels of training.
void test_training(void);
