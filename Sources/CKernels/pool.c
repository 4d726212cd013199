// A pool of threads that waits cheaply: a spin of tens of microseconds, then sleep in the kernel.
//
// A run is announced by raising `generation`; workers that sleep on it are woken. The caller works too, then waits
// for `pending` to reach zero. Each worker has a share of neighbouring items, so that it reads weights as one stream;
// who is done takes from the others' ends. A peer that spins without bound loses two thirds of its speed beside one busy
// neighbour, because the spinning thread takes the core from the one that has work; sleeping gives it back.
#include "danlu_kernels.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#ifdef __x86_64__
#include <immintrin.h>
#endif

/// How long a waiter spins before it sleeps in the kernel (waking takes about 10 microseconds).
#define SPIN_NANOSECONDS_MAX 40000

typedef struct {
    _Alignas(64) _Atomic uint32_t value;
    _Atomic uint32_t sleepers;
#ifndef __linux__
    pthread_mutex_t mutex;
    pthread_cond_t condition;
#endif
} signal_word;

/// Items [low half, high half) that are a worker's share: it takes them from the front, thieves from the back.
typedef struct { _Alignas(64) _Atomic uint64_t items; } share;

struct dk_pool {
    signal_word generation, pending;
    share *shares;
    _Atomic bool running;
    _Atomic bool stopping;
    dk_body body;
    void *context;
    int32_t threads;
    pthread_t *handles;
};

typedef struct { dk_pool *pool; int32_t worker; } start_arguments;

static void pause_briefly(void) {
#ifdef __x86_64__
    _mm_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void signal_init(signal_word *s) {
    atomic_store(&s->value, 0);
    atomic_store(&s->sleepers, 0);
#ifndef __linux__
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->condition, NULL);
#endif
}

static int64_t now_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

/// Returns once value differs from `seen`.
static void signal_wait(signal_word *s, uint32_t seen) {
    int64_t deadline = 0;
    for (;;) {
        for (int i = 0; i < 32; i++) {  // a pause takes 10 to 50 nanoseconds, depending on the processor
            if (atomic_load_explicit(&s->value, memory_order_acquire) != seen) return;
            pause_briefly();
        }
        int64_t now = now_nanoseconds();
        if (!deadline) deadline = now + SPIN_NANOSECONDS_MAX;
        else if (now >= deadline) break;
    }
    atomic_fetch_add(&s->sleepers, 1);
#ifdef __linux__
    while (atomic_load(&s->value) == seen) syscall(SYS_futex, &s->value, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
#else
    pthread_mutex_lock(&s->mutex);
    while (atomic_load(&s->value) == seen) pthread_cond_wait(&s->condition, &s->mutex);
    pthread_mutex_unlock(&s->mutex);
#endif
    atomic_fetch_sub(&s->sleepers, 1);
}

/// To be called after the value changed.
static void signal_wake(signal_word *s) {
    if (atomic_load(&s->sleepers) == 0) return;
#ifdef __linux__
    syscall(SYS_futex, &s->value, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
#else
    pthread_mutex_lock(&s->mutex);
    pthread_cond_broadcast(&s->condition);
    pthread_mutex_unlock(&s->mutex);
#endif
}

static void *worker_main(void *raw) {
    start_arguments arguments = *(start_arguments *)raw;
    free(raw);
    dk_pool *pool = arguments.pool;
    for (uint32_t seen = 0;; seen++) {
        signal_wait(&pool->generation, seen);
        if (atomic_load(&pool->stopping)) return NULL;
        pool->body(pool->context, arguments.worker, pool->threads);
        if (atomic_fetch_sub(&pool->pending.value, 1) == 1) signal_wake(&pool->pending);
    }
}

static void stop_threads(dk_pool *pool, int32_t started) {
    atomic_store(&pool->stopping, true);
    atomic_fetch_add(&pool->generation.value, 1);
    signal_wake(&pool->generation);
    for (int32_t i = 0; i < started; i++) pthread_join(pool->handles[i], NULL);
}

static void free_pool(dk_pool *pool) {
    free(pool->shares);
    free(pool->handles);
    free(pool);
}

dk_pool *dk_pool_create(int32_t threads) {
    dk_pool *pool = NULL;
    if (threads < 1 || posix_memalign((void **)&pool, 64, sizeof(dk_pool))) return NULL;
    signal_init(&pool->generation);
    signal_init(&pool->pending);
    atomic_store(&pool->running, false);
    atomic_store(&pool->stopping, false);
    pool->threads = threads;
    pool->shares = NULL;
    pool->handles = calloc((size_t)threads, sizeof(pthread_t));
    if (!pool->handles || posix_memalign((void **)&pool->shares, 64, (size_t)threads * sizeof(share))) {
        free_pool(pool);
        return NULL;
    }
    for (int32_t i = 1; i < threads; i++) {
        start_arguments *arguments = malloc(sizeof(start_arguments));
        if (arguments) *arguments = (start_arguments){pool, i};
        if (!arguments || pthread_create(&pool->handles[i - 1], NULL, worker_main, arguments)) {
            free(arguments);
            stop_threads(pool, i - 1);
            free_pool(pool);
            return NULL;
        }
    }
    return pool;
}

void dk_pool_destroy(dk_pool *pool) {
    stop_threads(pool, pool->threads - 1);
    free_pool(pool);
}

bool dk_pool_run(dk_pool *pool, int64_t items, dk_body body, void *context) {
    if (atomic_exchange(&pool->running, true)) return false;
    pool->body = body;
    pool->context = context;
    for (int64_t w = 0; w < pool->threads; w++) {
        uint64_t first = (uint64_t)(items * w / pool->threads), last = (uint64_t)(items * (w + 1) / pool->threads);
        atomic_store_explicit(&pool->shares[w].items, last << 32 | first, memory_order_relaxed);
    }
    if (pool->threads > 1) {
        atomic_store(&pool->pending.value, (uint32_t)pool->threads - 1);
        atomic_fetch_add(&pool->generation.value, 1);
        signal_wake(&pool->generation);
    }
    body(context, 0, pool->threads);
    for (uint32_t left; (left = atomic_load_explicit(&pool->pending.value, memory_order_acquire)) != 0;)
        signal_wait(&pool->pending, left);
    atomic_store(&pool->running, false);
    return true;
}

/// Items that a worker takes from its own share at once: one while few are left, so that all are done together.
static uint64_t items_at_once(uint64_t left) { return left >= 32 ? 8 : left >= 8 ? left / 4 : 1; }

int64_t dk_pool_take(dk_pool *pool, int32_t worker, int64_t *count) {
    for (int32_t i = 0; i < pool->threads; i++) {
        share *from = &pool->shares[(worker + i) % pool->threads];
        uint64_t items = atomic_load_explicit(&from->items, memory_order_relaxed);
        for (;;) {
            uint64_t first = items & UINT32_MAX, last = items >> 32;
            if (first >= last) break;
            uint64_t taken = i == 0 ? items_at_once(last - first) : 1;
            uint64_t left = i == 0 ? items + taken : (last - taken) << 32 | first;
            if (atomic_compare_exchange_weak_explicit(
                    &from->items, &items, left, memory_order_relaxed, memory_order_relaxed)) {
                *count = (int64_t)taken;
                return (int64_t)(i == 0 ? first : last - taken);
            }
        }
    }
    return -1;
}
