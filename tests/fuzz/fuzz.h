/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libFuzzer's interface: what we define, and what it does for us.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Ours: try one input; aborts if a promise is broken. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

/* Ours: change an input in its place, of @most bytes. Returns its length. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t length, size_t most,
			       unsigned int seed);

/* libFuzzer's: the same, knowing nothing of what the bytes mean. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t length, size_t most);

#endif /* FUZZ_FUZZ_H */
