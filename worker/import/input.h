// A file to import: plain or gzip, read as a stream, with its digest and how far we are.
//
// One thread. Gives its bytes through input_source(), which csv_open takes.
#pragma once

#include "import/csv.h"

enum { INPUT_DIGEST_LEN = 32 };

struct input;

// Opens the file at path, or what is left of descriptor fd when path is NULL (the descriptor stays
// the caller's). most: bytes allowed once decompressed, 0 = no limit. NULL with p filled.
struct input *input_open(const char *path, int fd, uint64_t most, struct import_problem *p);

// Closes and frees; NULL is accepted.
void input_close(struct input *input);

// The decompressed bytes; the source lives as long as the input.
struct csv_source input_source(struct input *input);

// How much of the file (as stored) has been read, and its size or 0 when unknown.
uint64_t input_read(const struct input *input);
uint64_t input_size(const struct input *input);

// SHA-256 of the file as stored. Reads what has not been read yet; false on a reading failure.
bool input_digest(struct input *input, unsigned char ret[INPUT_DIGEST_LEN]);

// SHA-256 of a whole file, without importing it.
bool input_digest_of(const char *path, unsigned char ret[INPUT_DIGEST_LEN],
                     struct import_problem *p);

// Reads everything (decompressed) into memory the caller frees; refuses more than most bytes. NULL
// with p filled. input_bytes takes the bytes as stored.
char *input_bytes(const char *path, uint64_t most, size_t *ret_len, struct import_problem *p);
char *input_all(const char *path, uint64_t most, size_t *ret_len, struct import_problem *p);
