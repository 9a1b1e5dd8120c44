// Numbers in the bytes of a file, the least byte first. The bytes are there: the caller looked.
#pragma once

#include <stdint.h>
#include <string.h>

static inline unsigned bytes_u16(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (unsigned)b[0] | (unsigned)b[1] << 8;
}

static inline uint32_t bytes_u32(const char *at)
{
    return (uint32_t)bytes_u16(at) | (uint32_t)bytes_u16(at + 2) << 16;
}

static inline uint64_t bytes_u64(const char *at)
{
    return (uint64_t)bytes_u32(at) | (uint64_t)bytes_u32(at + 4) << 32;
}

static inline double bytes_double(const char *at)
{
    uint64_t bits = bytes_u64(at);
    double   value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
