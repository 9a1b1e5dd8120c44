// What every fuzz target is: one function that must survive any bytes.
#pragma once

#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
