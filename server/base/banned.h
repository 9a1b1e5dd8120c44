// Calls that may not appear: each has an unsafe contract and a replacement of ours.
//
// Included by base/base.h after the system headers, so that using one is a compile error. A libc that
// fortifies some of them with macros loses these macros first.
#pragma once

#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef strtok_r
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#undef atoi
#undef atol
#undef alloca
#undef gets
#undef rand

#define strcpy(d, s)      use_buf_or_arena_instead_of_strcpy
#define strcat(d, s)      use_buf_or_arena_instead_of_strcat
#define strncpy(d, s, n)  use_memcpy_with_lengths_instead_of_strncpy
#define strncat(d, s, n)  use_buf_or_arena_instead_of_strncat
#define sprintf(...)      use_buf_printf_instead_of_sprintf
#define vsprintf(d, f, a) use_buf_printf_instead_of_vsprintf
#define strtok(s, d)      use_str_cut_instead_of_strtok
#define strtok_r(s, d, p) use_str_cut_instead_of_strtok_r
#define gmtime(t)         use_gmtime_r_instead_of_gmtime
#define localtime(t)      use_localtime_r_instead_of_localtime
#define ctime(t)          use_clock_format_instead_of_ctime
#define asctime(t)        use_clock_format_instead_of_asctime
#define atoi(s)           use_str_int_instead_of_atoi
#define atol(s)           use_str_int_instead_of_atol
#define alloca(n) use_arena_alloc_instead_of_alloca
#define gets(s)   gets_is_never_right
#define rand()    use_libsodium_randombytes_instead_of_rand
