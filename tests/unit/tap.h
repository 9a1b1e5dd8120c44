// A tiny test frame: CHECK says whether something holds, RUN runs a test function, TAP comes out.
//
// Each file is one program: `int main(void) { RUN(test_this); RUN(test_that); return tap_done(); }`
#pragma once

#include <errno.h>
#include <stdio.h>

#include "base/str.h"

#define tap_program program_invocation_short_name

// Sanitizers make a program several times slower, and look at memory, not at quality: fewer random
// cases do there, while the ordinary run keeps them all.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TAP_CASES(all, sanitized) (sanitized)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TAP_CASES(all, sanitized) (sanitized)
#endif
#endif
#ifndef TAP_CASES
#define TAP_CASES(all, sanitized) (all)
#endif

static int tap_count, tap_failed, tap_in_test;

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            tap_in_test++;                                                          \
            printf("# %s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
        }                                                                           \
    } while (0)

#define CHECK_STR(got, wanted)                                                          \
    do {                                                                                \
        struct str got_ = (got), wanted_ = str_of(wanted);                              \
        if (!str_eq(got_, wanted_)) {                                                   \
            tap_in_test++;                                                              \
            printf("# %s:%d: %s is \"%.*s\", not \"%.*s\"\n", __FILE__, __LINE__, #got, \
                   STR_ARG(got_), STR_ARG(wanted_));                                    \
        }                                                                               \
    } while (0)

#define RUN(test) tap_run(#test, test)

static inline void tap_run(const char *name, void (*test)(void))
{
    tap_in_test = 0;
    test();
    tap_failed += tap_in_test > 0;
    printf("%sok %d - %s\n", tap_in_test ? "not " : "", ++tap_count, name);
}

static inline int tap_done(void)
{
    printf("1..%d\n", tap_count);
    if (tap_failed) {
        printf("# %d failed; again: ctest --test-dir BUILD -R '^%s$' --output-on-failure\n",
               tap_failed, tap_program);
    }
    return tap_failed > 0;
}
