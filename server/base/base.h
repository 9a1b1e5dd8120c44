// The few macros and types every file uses.
//
// Nothing here allocates, locks or keeps state.
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

// The caller must look at what the function returns.
#define MUST_USE __attribute__((warn_unused_result))

// f(&variable) runs when the variable leaves its scope, even one that nothing reads.
#define CLEANUP(f) __attribute__((cleanup(f), unused))

// Parameter a is a printf format, b its first argument.
#define PRINTF(a, b) __attribute__((format(printf, a, b)))

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define KIB(n)        ((size_t)(n) << 10)
#define MIB(n)        ((size_t)(n) << 20)

// Out of memory or a broken invariant: says where and aborts. Never returns.
_Noreturn void die(const char *file, int line, const char *why);
#define DIE(why) die(__FILE__, __LINE__, (why))

// malloc, calloc and realloc that abort instead of returning NULL.
void *memory_new(size_t size) MUST_USE;
void *memory_zero(size_t size) MUST_USE;
void *memory_resize(void *old, size_t size) MUST_USE;
